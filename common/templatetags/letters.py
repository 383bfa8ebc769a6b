"""The marks a letter's source may use: its subject, its button, links, and private words."""

from django import template

register = template.Library()


@register.simple_block_tag(takes_context=True)
def subject(context, content):
    """The letter's subject line; leaves nothing in the body."""
    return context["letter"].set_subject(content)


@register.simple_block_tag(takes_context=True)
def button(context, content, url):
    """The letter's main link, once at most: a button in HTML, the words and address in text."""
    return context["letter"].add_link(content, url, is_button=True)


@register.simple_block_tag(takes_context=True)
def link(context, content, url):
    """A further link, within a line."""
    return context["letter"].add_link(content, url)


@register.simple_block_tag(takes_context=True)
def private(context, content):
    """Words only for the recipient, such as a code: left out of the stored copy."""
    return context["letter"].add_private(content)
