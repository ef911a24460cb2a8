"""How every form of the portal is drawn."""

from django.forms.renderers import TemplatesSetting


class SwindowFormRenderer(TemplatesSetting):
    """Draws forms and fields with the portal's own templates."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"
