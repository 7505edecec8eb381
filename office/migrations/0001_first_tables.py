"""Who works here: users, roles, papers handed in, jobs, logs, phones."""

import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import uuid
from django.conf import settings
from django.db import migrations, models

from bansong_fund.lib.table_migrations import CreateTables


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('username', models.CharField(max_length=60, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='user name')),
                        ('display_name', models.CharField(max_length=150, verbose_name='name')),
                        ('post', models.CharField(blank=True, max_length=150, verbose_name='post in the fund')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                        ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                        ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('must_change_password', models.BooleanField(default=False)),
                    ],
                    options={
                        'ordering': ['display_name', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='RoleGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('leader', 'Community leader'), ('registrar', 'Registrar'), ('committee', 'Committee'), ('treasurer', 'Treasurer'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                        ('granted_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('revoked_at', models.DateTimeField(null=True)),
                        ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user', 'role'), name='one_running_grant_per_role')],
                    },
                ),
                migrations.CreateModel(
                    name='OneTimeCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code_digest', models.CharField(max_length=128)),
                        ('purpose', models.CharField(choices=[('password', 'Password'), ('second-factor', 'Second factor')], max_length=20)),
                        ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='one_time_codes', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='PhoneCard',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token_digest', models.CharField(max_length=64, unique=True)),
                        ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_cards', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='EnrolledPhone',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('device_digest', models.CharField(max_length=64, unique=True)),
                        ('name', models.CharField(help_text="what the phone says of itself, for the registrar's list", max_length=100)),
                        ('pin_hash', models.CharField(blank=True, max_length=128)),
                        ('misses', models.PositiveSmallIntegerField(default=0)),
                        ('locked_at', models.DateTimeField(null=True)),
                        ('enrolled_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('expires_at', models.DateTimeField()),
                        ('last_seen_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phones', to=settings.AUTH_USER_MODEL)),
                        ('card', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='enrolled_phone', to='office.phonecard')),
                    ],
                ),
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('owner_kind', models.CharField(max_length=40)),
                        ('owner_id', models.BigIntegerField()),
                        ('purpose', models.CharField(max_length=60)),
                        ('original_name', models.CharField(max_length=200)),
                        ('content_type', models.CharField(max_length=60)),
                        ('size', models.PositiveIntegerField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('stored_name', models.CharField(max_length=80, unique=True)),
                        ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('keep_until', models.DateField(null=True)),
                        ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['owner_kind', 'owner_id'], name='office_atta_owner_k_fa7246_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Job',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('parameters', models.JSONField(default=dict)),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=20)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('heartbeat_at', models.DateTimeField(null=True)),
                        ('cancel_requested', models.BooleanField(default=False)),
                        ('error', models.TextField(blank=True)),
                        ('result_name', models.CharField(blank=True, max_length=200)),
                        ('stored_name', models.CharField(blank=True, max_length=80)),
                        ('content_type', models.CharField(blank=True, max_length=80)),
                        ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='ReadingLog',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject_kind', models.CharField(max_length=40)),
                        ('subject_id', models.BigIntegerField()),
                        ('subject_name', models.CharField(max_length=250)),
                        ('what', models.CharField(max_length=60)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('read_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject_kind', 'subject_id', '-read_at'], name='office_read_subject_f88a4a_idx')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='21bd2213706e4fc942506fb7934404f89f1dd2c8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_0368e', table='office_readinglog', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='94da288dfb0a9d2f7514d6467ca6eb40f03ae921', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_f8542', table='office_readinglog', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ActionLog',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('action', models.CharField(max_length=60)),
                        ('subject_kind', models.CharField(blank=True, max_length=40)),
                        ('subject_id', models.BigIntegerField(null=True)),
                        ('subject_name', models.CharField(blank=True, max_length=250)),
                        ('details', models.JSONField(default=dict)),
                        ('acted_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-acted_at'], name='office_acti_acted_a_ebcdfb_idx')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='f246e56aa66a021fec8ae15b6de88a35f45bc384', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_47373', table='office_actionlog', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='99d4afafe58977466ae22aa9afbdffe72249904c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_4c904', table='office_actionlog', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='InterruptedForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('path', models.CharField(max_length=2000)),
                        ('page', models.CharField(help_text='where the form stood: another user gets it empty there', max_length=2000)),
                        ('sealed_fields', models.BinaryField()),
                        ('stored_files', models.JSONField(default=list, help_text='[{"field": …, "name": …, "type": …, "stored": …}]')),
                        ('kept_at', models.DateTimeField()),
                        ('expires_at', models.DateTimeField()),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interrupted_forms', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
            ],
        ),
    ]
