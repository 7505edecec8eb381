"""Makes the first user: an administrator, who then makes the others."""

import getpass
import os

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from office.models import RoleGrant, User
from office.roles import Role

PASSWORD_VARIABLE = "FUND_ADMINISTRATOR_PASSWORD"  # noqa: S105 - the variable's name, not a password


class Command(BaseCommand):
    help = f"Makes an administrator. Asks for what is not given; the password may stand in {PASSWORD_VARIABLE}."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username")
        parser.add_argument("--name", help="the person's name, as pages show it")

    def handle(self, *args: object, **options: object) -> None:
        username = str(options["username"] or self._ask("User name: "))
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"A user named {username} exists already: choose another user name.")
        name = str(options["name"] or self._ask("Name of the person: "))
        user = User(username=username, display_name=name)
        user.set_password(self._password(user))
        try:
            user.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        with transaction.atomic():
            user.save()
            RoleGrant.objects.create(user=user, role=Role.ADMINISTRATOR, granted_by=None)
        self.stdout.write(f"{username} เป็นผู้ดูแลระบบแล้ว เข้าสู่ระบบแล้วตั้งการยืนยันสองขั้นตอน")
        self.stdout.write(f"{username} is an administrator now. Sign in and set up the second factor.")

    def _ask(self, question: str) -> str:
        try:
            return input(question).strip()
        except EOFError as error:
            raise CommandError("Nothing was typed. Give --username and --name.") from error

    def _password(self, user: User) -> str:
        password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass("Password: ")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        return password
