"""Which static files are collected: not those of pages that the portal does not serve."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class PortalStaticFilesConfig(StaticFilesConfig):
    """Leaves out Redoc, the browsable API and raster flags: half of the bytes and of the time."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "drf_spectacular_sidecar/redoc/*",
        "rest_framework/*",
        "flags/*",
    ]
