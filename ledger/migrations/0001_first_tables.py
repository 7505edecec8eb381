"""The books: accounts, entries, sums, receipts, vouchers, openings."""

import bansong_fund.lib.money
import django.db.models.constraints
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
        ('members', '0001_first_tables'),
        ('office', '__first__'),
    ]

    operations = [
        CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=10, unique=True)),
                        ('name_th', models.CharField(max_length=150)),
                        ('name_en', models.CharField(max_length=150)),
                        ('type', models.CharField(choices=[('asset', 'Asset'), ('fund', 'Accumulated fund'), ('income', 'Income'), ('cost', 'Cost')], max_length=10)),
                        ('role', models.CharField(choices=[('cash', 'Cash on hand'), ('bank', 'Bank account'), ('collector', 'Cash with a collector'), ('advance', 'Advance with a leader'), ('tax-withheld', 'Tax withheld on interest'), ('between-funds', 'Money between restricted funds'), ('accumulated-fund', 'Accumulated fund'), ('dues', "Members' contributions"), ('municipality', "Municipality's contribution"), ('codi-start-up', 'CODI start-up grant'), ('codi-matching', 'CODI matching rounds'), ('other-state', 'Other state bodies'), ('gift', 'Gifts'), ('sister-funds', 'Contributions of sister funds'), ('event-income', 'Income of the annual event'), ('enterprise-share', 'Shares paid by enterprises'), ('entry-fee', 'Entry fees'), ('interest', 'Bank interest'), ('cash-over-short', 'Cash over or short'), ('benefit', 'Welfare benefit'), ('administration', 'Administrative expense'), ('event-cost', 'Cost of the annual event'), ('public-benefit', 'Public benefit and solidarity')], max_length=20)),
                        ('category', models.CharField(blank=True, max_length=30)),
                        ('leg', models.PositiveSmallIntegerField(null=True)),
                        ('bank_th', models.CharField(blank=True, max_length=100)),
                        ('bank_en', models.CharField(blank=True, max_length=100)),
                        ('branch_th', models.CharField(blank=True, max_length=100)),
                        ('branch_en', models.CharField(blank=True, max_length=100)),
                        ('last_digits', models.CharField(blank=True, max_length=4)),
                        ('is_open', models.BooleanField(default=True)),
                        ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('leg', None), ('leg__range', (1, 4)), _connector='OR'), name='legs_are_one_to_four'), models.UniqueConstraint(condition=models.Q(('holder__isnull', False)), fields=('role', 'holder'), name='one_account_per_role_and_holder')],
                    },
                ),
                migrations.CreateModel(
                    name='RestrictedFund',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(max_length=20, unique=True)),
                        ('name_th', models.CharField(max_length=150)),
                        ('name_en', models.CharField(max_length=150)),
                        ('is_open', models.BooleanField(default=True)),
                        ('purpose', models.CharField(blank=True, max_length=250)),
                        ('resolution_label', models.CharField(blank=True, help_text='the resolution that set it aside', max_length=60)),
                    ],
                    options={
                        'ordering': ['id'],
                    },
                ),
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveBigIntegerField(unique=True)),
                        ('date', models.DateField()),
                        ('kind', models.CharField(choices=[('opening', 'Opening balance'), ('receipt', 'Money received'), ('collection', 'Collection sheet submitted'), ('hand-over', 'Collection handed over'), ('payment', 'Money paid'), ('transfer', 'Transfer between accounts'), ('interest', 'Bank interest'), ('reversal', 'Reversal'), ('closing', 'Closing of the year')], max_length=12)),
                        ('document_kind', models.CharField(blank=True, max_length=20)),
                        ('document_number', models.CharField(blank=True, max_length=20)),
                        ('memo_digest', models.CharField(blank=True, max_length=64)),
                        ('posted_at', models.DateTimeField()),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('hash_version', models.PositiveSmallIntegerField(default=1)),
                        ('chain_hash', models.CharField(max_length=64)),
                        ('posted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reverses', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='ledger.entry')),
                    ],
                    options={
                        'ordering': ['number'],
                        'indexes': [models.Index(fields=['date', 'number'], name='ledger_entr_date_a79520_idx'), models.Index(fields=['document_kind', 'document_number'], name='ledger_entr_documen_90660a_idx')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='85173d5bb9235f4adb58a5a593b04b3193f66f2e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_69c07', table='ledger_entry', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='2d3d0ea5f7f2ceab6a6160a2c9b93b9606499d68', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_55811', table='ledger_entry', when='BEFORE')), pgtrigger.compiler.Trigger(name='refuse_closed_period', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE month_closed timestamptz; year_closed timestamptz;', func="\n    SELECT m.closed_at, y.closed_at INTO month_closed, year_closed\n      FROM ledger_accountingmonth m JOIN ledger_fiscalyear y ON y.year_be = m.fiscal_year_id\n     WHERE m.first_day = date_trunc('month', NEW.date)::date\n       FOR SHARE;\n    IF NOT FOUND THEN\n        RAISE EXCEPTION 'no accounting month holds %', NEW.date USING ERRCODE = 'check_violation';\n    END IF;\n    IF year_closed IS NOT NULL OR (month_closed IS NOT NULL AND NEW.kind <> 'closing') THEN\n        RAISE EXCEPTION 'the accounting period of % is closed', NEW.date USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='47a45a01d1742b77bf7e00beab59c51c569d1a75', operation='INSERT', pgid='pgtrigger_refuse_closed_period_a1a95', table='ledger_entry', when='BEFORE')), pgtrigger.compiler.Trigger(name='refuse_reversal_alone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."kind" = \'reversal\')', constraint='CONSTRAINT', func="\n    IF (SELECT f.controls FROM members_fund f LIMIT 1) <> 'small'\n       AND NOT EXISTS (SELECT 1 FROM ledger_receiptvoid v WHERE v.reversal_id = NEW.id)\n       AND NOT EXISTS (SELECT 1 FROM ledger_paymentvouchervoid v WHERE v.reversal_id = NEW.id)\n       AND NOT EXISTS (SELECT 1 FROM ledger_reversalconfirmation c WHERE c.reversal_id = NEW.id) THEN\n        RAISE EXCEPTION 'entry % reverses without a void and without a second person', NEW.number\n              USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='054bfe0d1e77b5136567b0853c327d57214a92f4', operation='INSERT', pgid='pgtrigger_refuse_reversal_alone_d3ba4', table='ledger_entry', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER'))],
                    },
                ),
                migrations.CreateModel(
                    name='EntryMemo',
                    fields=[
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='memo_row', serialize=False, to='ledger.entry')),
                        ('salt', models.CharField(max_length=32)),
                        ('text', models.CharField(max_length=500)),
                    ],
                ),
                migrations.CreateModel(
                    name='Line',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('contributor_number', models.PositiveIntegerField(null=True)),
                        ('community', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.community')),
                        ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credit_lines', to='ledger.account')),
                        ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debit_lines', to='ledger.account')),
                        ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.entry')),
                        ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='members.member')),
                        ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='ledger.line')),
                        ('restricted_fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedfund')),
                    ],
                    options={
                        'ordering': ['entry', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'position'), name='positions_are_unique_in_an_entry'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_line_has_an_amount_above_zero', violation_error_message='An amount must be above zero.'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='a_line_moves_between_two_accounts')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='9a0165819b3aa61f6ac3a5d99fa8c59980d61fda', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_e09ea', table='ledger_line', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='5833eeb8a244084c065b4050098b82067d047fe5', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_fed41', table='ledger_line', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='LedgerHead',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveBigIntegerField(default=0)),
                        ('chain_hash', models.CharField(max_length=64)),
                    ],
                ),
                migrations.CreateModel(
                    name='LedgerSum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField()),
                        ('is_closing', models.BooleanField(default=False)),
                        ('debit', bansong_fund.lib.money.BahtField(default=0)),
                        ('credit', bansong_fund.lib.money.BahtField(default=0)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sums', to='ledger.account')),
                        ('restricted_fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedfund')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('month', 'account', 'restricted_fund', 'is_closing'), name='one_kept_sum')],
                    },
                ),
                migrations.CreateModel(
                    name='CommunitySum',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.DateField()),
                        ('is_closing', models.BooleanField(default=False)),
                        ('debit', bansong_fund.lib.money.BahtField(default=0)),
                        ('credit', bansong_fund.lib.money.BahtField(default=0)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.community')),
                        ('restricted_fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedfund')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('month', 'account', 'community', 'restricted_fund', 'is_closing'), name='one_kept_sum_of_a_community')],
                    },
                ),
                migrations.CreateModel(
                    name='FundTransfer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('moved_on', models.DateField()),
                        ('resolution_label', models.CharField(max_length=60)),
                        ('reason', models.CharField(blank=True, max_length=250)),
                        ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('moved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedfund')),
                        ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedfund')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_fund_transfer_is_above_zero'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='money_moves_between_two_restricted_funds')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='86b82be65900c0d620135b4583f486c47c8d73f0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_ea9d7', table='ledger_fundtransfer', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='3c858213c2aa328af1aef2c8ef9be52f261345fc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_ca0c5', table='ledger_fundtransfer', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='Opening',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('cutover_on', models.DateField(help_text='the last day of the old books', null=True)),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('resolution_label', models.CharField(blank=True, max_length=60)),
                        ('resolved_on', models.DateField(null=True)),
                        ('signed_by', models.JSONField(default=list, help_text='[{"name": …, "post": …}]')),
                        ('locked_at', models.DateTimeField(null=True)),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('begun_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('locked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='a_fund_is_opened_once'), models.CheckConstraint(condition=models.Q(('locked_at', None), models.Q(models.Q(('resolution_label', ''), _negated=True), ('cutover_on__isnull', False)), _connector='OR'), name='an_opening_is_locked_by_a_resolution')],
                        'triggers': [pgtrigger.compiler.Trigger(name='refuse_change_when_locked', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."locked_at" IS NOT NULL)', func="RAISE EXCEPTION 'the opening of the books is locked' USING ERRCODE = 'check_violation';", hash='7af0de758a029321e62ab29b9c3b0664d3e0186d', operation='UPDATE OR DELETE', pgid='pgtrigger_refuse_change_when_locked_74e04', table='ledger_opening', when='BEFORE')), pgtrigger.compiler.Trigger(name='refuse_typist', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."locked_at" IS NOT NULL AND OLD."locked_at" IS NULL)', func="\n    IF (SELECT f.controls FROM members_fund f LIMIT 1) <> 'small' AND (NEW.locked_by_id = NEW.begun_by_id OR EXISTS (\n        SELECT 1 FROM ledger_openingtypist t WHERE t.opening_id = NEW.id AND t.typed_by_id = NEW.locked_by_id)) THEN\n        RAISE EXCEPTION 'who typed the opening does not lock it' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='47ca2bb4d2bc610814132766bdcc6b52328e6cc2', operation='UPDATE', pgid='pgtrigger_refuse_typist_39e80', table='ledger_opening', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningBalance',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='balances', to='ledger.opening')),
                        ('restricted_fund', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.restrictedfund')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('opening', 'account', 'restricted_fund'), name='one_opening_balance'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='an_opening_balance_is_not_negative')],
                        'triggers': [pgtrigger.compiler.Trigger(name='refuse_locked_opening', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE opening_locked timestamptz;', func="\n    SELECT o.locked_at INTO opening_locked FROM ledger_opening o\n     WHERE o.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.opening_id ELSE NEW.opening_id END) FOR SHARE;\n    IF opening_locked IS NOT NULL THEN\n        RAISE EXCEPTION 'the opening of the books is locked' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='6ea88145c4cde60908b148b36ee0c53639c064dc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_refuse_locked_opening_35fd2', table='ledger_openingbalance', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningTotal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('round_number', models.PositiveSmallIntegerField(help_text='of a matching round of CODI', null=True)),
                        ('persons', models.PositiveIntegerField(null=True)),
                        ('times', models.PositiveIntegerField(null=True)),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='totals', to='ledger.opening')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('opening', 'account', 'round_number'), name='one_opening_total', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='an_opening_total_is_not_negative')],
                        'triggers': [pgtrigger.compiler.Trigger(name='refuse_locked_opening', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE opening_locked timestamptz;', func="\n    SELECT o.locked_at INTO opening_locked FROM ledger_opening o\n     WHERE o.id = (CASE WHEN TG_OP = 'DELETE' THEN OLD.opening_id ELSE NEW.opening_id END) FOR SHARE;\n    IF opening_locked IS NOT NULL THEN\n        RAISE EXCEPTION 'the opening of the books is locked' USING ERRCODE = 'check_violation';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n", hash='b4051c5886851e243da902575b518490d328991f', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_refuse_locked_opening_f764d', table='ledger_openingtotal', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='OpeningTypist',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='typists', to='ledger.opening')),
                        ('typed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('opening', 'typed_by'), name='a_typist_is_named_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='640a26f6412c18b07434c9bfdc95ee9019ab70b3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_c824d', table='ledger_openingtypist', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='c301bfabe736a4811498ede38cfaecc50ba47227', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_59254', table='ledger_openingtypist', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='DocumentSequence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('series', models.CharField(max_length=20)),
                        ('year_be', models.PositiveSmallIntegerField()),
                        ('last', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('series', 'year_be'), name='one_sequence_per_series_and_year')],
                    },
                ),
                migrations.CreateModel(
                    name='ReceiptBook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('label', models.CharField(help_text="the book's number as printed on its cover", max_length=20, unique=True)),
                        ('first_number', models.PositiveIntegerField()),
                        ('last_number', models.PositiveIntegerField()),
                        ('given_on', models.DateField()),
                        ('returned_on', models.DateField(null=True)),
                        ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipt_books', to=settings.AUTH_USER_MODEL)),
                        ('returned_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['label'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('first_number__gt', 0), ('last_number__gte', models.F('first_number'))), name='a_book_has_numbers')],
                    },
                ),
                migrations.CreateModel(
                    name='SpoiledNumber',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('number', models.PositiveIntegerField()),
                        ('kind', models.CharField(choices=[('void', 'Written wrongly, both copies kept'), ('lost', 'Lost'), ('blank', 'Left blank')], max_length=5)),
                        ('reason', models.CharField(max_length=250)),
                        ('written_on', models.DateField()),
                        ('book', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spoiled', to='ledger.receiptbook')),
                        ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('book', 'number'), name='a_number_is_spoiled_once')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='e6617ea8df24b8b3e3a0ea7687f9bdf668d0b7b2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_a100b', table='ledger_spoilednumber', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='1757108f9ad1b8646ebe12f5fbca5e8853c9617e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_2b883', table='ledger_spoilednumber', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='Receipt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('public_token', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('year_be', models.PositiveSmallIntegerField()),
                        ('number', models.PositiveIntegerField()),
                        ('date', models.DateField()),
                        ('party_name', models.CharField(max_length=250)),
                        ('party_address', models.CharField(blank=True, max_length=250)),
                        ('party_phone', models.CharField(blank=True, max_length=30)),
                        ('contributor_number', models.PositiveIntegerField(null=True)),
                        ('means', models.CharField(choices=[('cash', 'Cash'), ('transfer', 'Bank transfer'), ('cheque', 'Cheque')], default='cash', max_length=10)),
                        ('means_reference', models.CharField(blank=True, max_length=100)),
                        ('total', bansong_fund.lib.money.BahtField()),
                        ('issued_by_name', models.CharField(max_length=150)),
                        ('issued_by_post', models.CharField(blank=True, max_length=150)),
                        ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('kind', models.CharField(choices=[('dues', "Members' contributions"), ('municipality', "Municipality's contribution"), ('codi', 'Contribution through CODI'), ('gift', 'Gift'), ('interest', 'Bank interest'), ('entry-fee', 'Entry fee'), ('other', 'Other income')], max_length=15)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                        ('book', models.CharField(blank=True, help_text='label of the paper book; empty: issued here', max_length=20)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['member', '-date'], name='ledger_rece_member__ec45c6_idx'), models.Index(fields=['date'], name='ledger_rece_date_d82b6e_idx'), models.Index(fields=['year_be', 'number'], name='receipts_by_year_and_number')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='a_receipt_has_a_total_above_zero'), models.UniqueConstraint(condition=models.Q(('book', ''), _negated=True), fields=('book', 'number'), name='paper_receipt_numbers_are_unique'), models.UniqueConstraint(condition=models.Q(('book', '')), fields=('year_be', 'number'), include=('total',), name='receipt_numbers_are_unique')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='615f3f63c9684dd6459aae619eee95425b8c2f8d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_82e44', table='ledger_receipt', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='cbae4fa8de864ef040c14ee801d3e5cf7cc97259', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_9de71', table='ledger_receipt', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ReceiptCopy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('number', models.PositiveSmallIntegerField()),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='ledger.receipt')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('receipt', 'number'), name='copies_are_numbered')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='26254246a5b71829bdd8c604f7e6f27f5cb3dfc3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_3f0c9', table='ledger_receiptcopy', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='2353807bd1636e8da576e065835c68dbd9360b22', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_ca29a', table='ledger_receiptcopy', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='PaymentVoucher',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('public_token', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('year_be', models.PositiveSmallIntegerField()),
                        ('number', models.PositiveIntegerField()),
                        ('date', models.DateField()),
                        ('party_name', models.CharField(max_length=250)),
                        ('party_address', models.CharField(blank=True, max_length=250)),
                        ('party_phone', models.CharField(blank=True, max_length=30)),
                        ('contributor_number', models.PositiveIntegerField(null=True)),
                        ('means', models.CharField(choices=[('cash', 'Cash'), ('transfer', 'Bank transfer'), ('cheque', 'Cheque')], default='cash', max_length=10)),
                        ('means_reference', models.CharField(blank=True, max_length=100)),
                        ('total', bansong_fund.lib.money.BahtField()),
                        ('issued_by_name', models.CharField(max_length=150)),
                        ('issued_by_post', models.CharField(blank=True, max_length=150)),
                        ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('resolution_label', models.CharField(blank=True, max_length=60)),
                        ('recipient_id_encrypted', models.TextField(blank=True)),
                        ('witness_name', models.CharField(blank=True, max_length=150)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                        ('is_thumb_print', models.BooleanField(default=False, help_text='signed by a thumb print, before two witnesses')),
                        ('second_witness_name', models.CharField(blank=True, max_length=150)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['date'], name='ledger_paym_date_dbf231_idx')],
                        'constraints': [models.UniqueConstraint(fields=('year_be', 'number'), name='voucher_numbers_are_unique'), models.CheckConstraint(condition=models.Q(('total__gt', 0)), name='a_voucher_has_a_total_above_zero')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='23c7710d8e2bd5192966cc16109f368cba7af980', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_58de0', table='ledger_paymentvoucher', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='25a96168501c1f542281b7fc757a4414530f2dd3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_6b398', table='ledger_paymentvoucher', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ReceiptLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('text_th', models.CharField(max_length=250)),
                        ('text_en', models.CharField(max_length=250)),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('covers_from', models.DateField(null=True)),
                        ('covers_until', models.DateField(null=True)),
                        ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.line')),
                        ('receipt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.receipt')),
                    ],
                    options={
                        'ordering': ['receipt', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('receipt', 'position'), name='receipt_lines_are_numbered')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='99e412f0ff41c9ca27a8cb4a9551358384ac5de0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_424da', table='ledger_receiptline', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='de62d4e362fac428490e1cb302c4ae06df418db4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_317cd', table='ledger_receiptline', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='PaymentVoucherLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('text_th', models.CharField(max_length=250)),
                        ('text_en', models.CharField(max_length=250)),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('claim_number', models.CharField(blank=True, max_length=20)),
                        ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.line')),
                        ('voucher', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.paymentvoucher')),
                    ],
                    options={
                        'ordering': ['voucher', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('voucher', 'position'), name='voucher_lines_are_numbered')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='4de9771eabcab0882beb778c1f4a8b9cf14aed58', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_28f32', table='ledger_paymentvoucherline', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='a7e2fbcd8874485e598111ac77b8d69cfcf19ca7', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_fcc99', table='ledger_paymentvoucherline', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ReceiptVoid',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=250)),
                        ('voided_on', models.DateField()),
                        ('voided_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('receipt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='void', to='ledger.receipt')),
                        ('reversal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('second_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('voided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='efbc138c9d178c5b335c5522ff7ff14b5104b254', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_a79ef', table='ledger_receiptvoid', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='4c42e60443e18b7e9ce8bf1ec459c46d77602cdc', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_13469', table='ledger_receiptvoid', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='PaymentVoucherVoid',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=250)),
                        ('voided_on', models.DateField()),
                        ('voided_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('reversal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('second_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('voided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('voucher', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='void', to='ledger.paymentvoucher')),
                    ],
                    options={
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='0c12c6978de3a129e9b58884a0c3430a37103527', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_9b930', table='ledger_paymentvouchervoid', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='961abe38298fcf19abc4f6d54f13c6ce259e0174', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_547ea', table='ledger_paymentvouchervoid', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='Fingerprint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('chain_hash', models.CharField(max_length=64)),
                        ('paper', models.CharField(max_length=60)),
                        ('is_provisional', models.BooleanField()),
                        ('printed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('printed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='cfa5415c84b297f5d8956d0a6a765fc261437123', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_afdcb', table='ledger_fingerprint', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='08d197d5d07d1acc501e9dab4cc142314294778c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_11662', table='ledger_fingerprint', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='PassbookLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField(help_text='1, 2, … in the order of the passbook')),
                        ('line_on', models.DateField()),
                        ('code', models.CharField(blank=True, max_length=20)),
                        ('taken_out', bansong_fund.lib.money.BahtField(default=0)),
                        ('paid_in', bansong_fund.lib.money.BahtField(default=0)),
                        ('balance', bansong_fund.lib.money.BahtField()),
                        ('note', models.CharField(blank=True, max_length=150)),
                        ('request_id', models.UUIDField(db_index=True, default=uuid.uuid4, help_text='the form or file that brought it')),
                        ('written_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passbook_lines', to='ledger.account')),
                        ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['account', 'position'],
                        'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('account', 'position'), name='passbook_lines_are_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('paid_in__gt', 0), ('taken_out', 0)), models.Q(('paid_in', 0), ('taken_out__gt', 0)), models.Q(('paid_in', 0), ('taken_out', 0)), _connector='OR'), name='a_passbook_line_goes_one_way')],
                    },
                ),
                migrations.CreateModel(
                    name='PassbookTick',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('amount', bansong_fund.lib.money.BahtField()),
                        ('ticked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticks', to='ledger.line')),
                        ('passbook_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ticks', to='ledger.passbookline')),
                        ('ticked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('passbook_line', 'line'), name='a_line_is_ticked_off_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='a_tick_has_an_amount')],
                    },
                ),
                migrations.CreateModel(
                    name='Reconciliation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('as_of', models.DateField()),
                        ('passbook_balance', bansong_fund.lib.money.BahtField()),
                        ('ledger_balance', bansong_fund.lib.money.BahtField()),
                        ('items', models.JSONField(default=list, help_text='[{"side": "books" | "bank", "date": …, "about": …, "baht": …}]')),
                        ('explanation', models.CharField(blank=True, max_length=500)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reconciliations', to='ledger.account')),
                        ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['account', '-as_of'], name='ledger_reco_account_efb38c_idx')],
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='8c245742edee6b0c3a01fae90394f2487bc45d4e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_48f9c', table='ledger_reconciliation', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='01f48cf93bc22115a74f0bccfa190a3f7bb880c4', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_ac640', table='ledger_reconciliation', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='BankFileFormat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('columns', models.JSONField(default=dict, help_text='{"date": 0, "code": 1, "taken_out": 2, "paid_in": 3, "balance": 4}')),
                        ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file_format', to='ledger.account')),
                        ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='FiscalYear',
                    fields=[
                        ('year_be', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                        ('starts_on', models.DateField(unique=True)),
                        ('ends_on', models.DateField(unique=True)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('closing_entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.entry')),
                        ('closing_checklist', models.JSONField(default=list, help_text='[{"check": …, "state": …, "note": …}]')),
                        ('resolution_label', models.CharField(blank=True, help_text='the resolution that adopted the accounts', max_length=60)),
                    ],
                    options={
                        'ordering': ['year_be'],
                    },
                ),
                migrations.CreateModel(
                    name='AccountingMonth',
                    fields=[
                        ('first_day', models.DateField(primary_key=True, serialize=False)),
                        ('closed_at', models.DateTimeField(null=True)),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('fiscal_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='months', to='ledger.fiscalyear')),
                        ('closing_checklist', models.JSONField(default=list, help_text='[{"check": …, "state": …, "note": …}]')),
                    ],
                ),
                migrations.CreateModel(
                    name='ReversalRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('reason', models.CharField(max_length=250)),
                        ('asked_on', models.DateField()),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reversal_request', to='ledger.entry')),
                    ],
                    options={
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='d51a59410e9c2cf7064aa05691dc58b17bf07219', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_a3038', table='ledger_reversalrequest', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='8f20ebed7065e877e88fc84b7b89f58db24abe1e', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_4b476', table='ledger_reversalrequest', when='BEFORE'))],
                    },
                ),
                migrations.CreateModel(
                    name='ReversalConfirmation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('confirmed_on', models.DateField()),
                        ('confirmed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('confirmed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='ledger.reversalrequest')),
                        ('reversal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='ledger.entry')),
                    ],
                    options={
                        'triggers': [pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='8f423d1c534758c31da07271a26ea217dae5890b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_b3d82', table='ledger_reversalconfirmation', when='BEFORE')), pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='45ff8d88633445c014bfe62f2e492f824613bd4f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_9cb5e', table='ledger_reversalconfirmation', when='BEFORE')), pgtrigger.compiler.Trigger(name='another_person_confirms', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT 1 FROM ledger_reversalrequest q JOIN ledger_entry e ON e.reverses_id = q.entry_id\n         WHERE q.id = NEW.request_id AND e.id = NEW.reversal_id AND q.asked_by_id <> NEW.confirmed_by_id) THEN\n        RAISE EXCEPTION 'a reversal is confirmed by another person than asked for it' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='e0bfac8fffde4f3cadb425d2dc9bc37c173971a7', operation='INSERT', pgid='pgtrigger_another_person_confirms_399ce', table='ledger_reversalconfirmation', when='BEFORE'))],
                    },
                ),
            ],
        ),
    ]
