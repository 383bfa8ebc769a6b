"""People who sign in, identified by email address. What they may do is decided in `venues`."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.inputs import without_invisible


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **details):
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=without_invisible(email).strip().lower(), **details)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **details):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **details)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a log-in: at an organisation, at a council, or both.

    Never deleted, because the history names them: `actions.anonymise` empties the row in place.
    """

    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        error_messages={"unique": _("Somebody already uses this e-mail address.")},
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    phone = models.CharField(_("telephone number"), max_length=30, blank=True)
    is_staff = models.BooleanField(
        _("may open the admin"),
        default=False,
        help_text=_("Officers can by their role; this is for whoever looks after the server."),
    )
    is_active = models.BooleanField(
        _("may sign in"),
        default=True,
        help_text=_("Untick this when somebody leaves. Nothing they did is lost."),
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, editable=False)

    objects = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_one_person_per_email",
                violation_error_message=_("Somebody already uses this e-mail address."),
            ),
            models.CheckConstraint(
                condition=models.Q(anonymised_at=None) | models.Q(is_active=False),
                name="accounts_anonymous_is_closed",
                violation_error_message=_("Somebody made anonymous cannot sign in again."),
            ),
        ]

    def __str__(self):
        if self.anonymised_at:
            return str(_("Somebody who has left"))
        return self.name or self.email

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else str(self)


class FormerAddress(models.Model):
    """The address an account had before a change of email: for some weeks the way to undo it.

    A letter with a link was sent there. Anybody who picks up an unlocked phone could change an
    account's email, so whoever reads the old mailbox can undo it. Deleted when the link expires.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_addresses")
    email = models.EmailField(_("e-mail address"))
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    class Meta:
        verbose_name = _("former e-mail address")
        verbose_name_plural = _("former e-mail addresses")
        ordering = ["-changed_at", "-pk"]

    def __str__(self):
        return self.email
