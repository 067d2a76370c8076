"""How forms are rendered: by the house's own templates."""

from django.forms.renderers import TemplatesSetting


class HouseRenderer(TemplatesSetting):
    """Renders fields with labels, hints and errors as the look asks for."""

    form_template_name = "site/forms/form.html"
    field_template_name = "site/forms/field.html"
