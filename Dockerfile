FROM python:3.11-slim-bookworm

# Pango and HarfBuzz draw the papers, Noto brings the Chinese characters.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=swindow.settings

COPY requirements.lock requirements-uv.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.lock \
    && uv pip sync --system --no-cache --require-hashes requirements.lock

COPY . .
# The key signs nothing: collecting static files only has to import the settings.
RUN python -m swindow.start compile-translations \
    && SWINDOW_SECRET_KEY=build python manage.py collectstatic --noinput \
    && useradd --system --no-create-home swindow \
    && mkdir -p var/media var/signing var/mail \
    && chown -R swindow var/media var/signing var/mail

USER swindow
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "swindow.wsgi", "--preload", "--workers", "2", "--threads", "4", "--no-control-socket", "--timeout", "60", "--graceful-timeout", "15", "--bind", "0.0.0.0:8000"]
