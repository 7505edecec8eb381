"""Hold the controls of claims in the database: meetings, certificates, two approvals, two people who take back."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0009_witnesses_of_vouchers'),
        ('welfare', '0003_money_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentReversalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('reason', models.CharField(max_length=250)),
                ('asked_on', models.DateField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='claim',
            name='refuse_one_hand',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='refuse_one_hand', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE level text;', func="\n    SELECT controls INTO level FROM members_fund WHERE id = 1;\n    IF level IN ('standard', 'strict') THEN\n        IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id = NEW.entered_by_id THEN\n            RAISE EXCEPTION 'who entered a claim may not decide it' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id\n           AND NEW.paid_by_id IN (NEW.entered_by_id, NEW.decided_by_id) THEN\n            RAISE EXCEPTION 'who entered or decided a claim may not pay it' USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    IF level = 'strict' THEN\n        IF NEW.verified_by_id IS DISTINCT FROM OLD.verified_by_id AND NEW.verified_by_id = NEW.entered_by_id THEN\n            RAISE EXCEPTION 'who entered a claim may not check it' USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND NEW.decided_by_id = NEW.verified_by_id THEN\n            RAISE EXCEPTION 'who checked a claim may not decide it' USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n", hash='b277a413a0c580f6405c666fa3d98118d76b3577', operation='INSERT OR UPDATE OF "entered_by_id", "verified_by_id", "decided_by_id", "paid_by_id"', pgid='pgtrigger_refuse_one_hand_cc621', table='welfare_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='refuse_own_claim', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM members_member mine\n          JOIN members_member me ON me.id IN (mine.id, mine.merged_into_id)\n          JOIN members_member hers ON hers.id = NEW.member_id\n          JOIN members_member she ON she.id IN (hers.id, hers.merged_into_id)\n         WHERE mine.user_id IN (\n                   CASE WHEN NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id THEN NEW.decided_by_id END,\n                   CASE WHEN NEW.paid_by_id IS DISTINCT FROM OLD.paid_by_id THEN NEW.paid_by_id END)\n           AND (me.id = she.id OR me.household_id IN (she.household_id, NEW.household_id))) THEN\n        RAISE EXCEPTION 'nobody decides or pays for herself or her household' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='b97d9f56d581f452f151d1d9c31216f4cb60dd7a', operation='INSERT OR UPDATE OF "decided_by_id", "paid_by_id"', pgid='pgtrigger_refuse_own_claim_cf9e5', table='welfare_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='claim',
            trigger=pgtrigger.compiler.Trigger(name='refuse_a_step_alone', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE level text;', func="\n    SELECT controls INTO level FROM members_fund WHERE id = 1;\n    IF NEW.state IN ('approved', 'paid') AND coalesce(OLD.state, '') NOT IN ('approved', 'paid') AND NEW.urgent THEN\n        IF NOT EXISTS (\n            SELECT 1 FROM welfare_urgentgrant g\n             WHERE g.claim_id = NEW.id AND g.amount = NEW.amount_approved\n               AND g.chair_id IS NOT NULL AND g.treasurer_id IS NOT NULL) THEN\n            RAISE EXCEPTION 'an urgent grant takes chair and treasurer' USING ERRCODE = 'check_violation';\n        END IF;\n    ELSIF NEW.state IN ('approved', 'paid', 'rejected')\n          AND coalesce(OLD.state, '') NOT IN ('approved', 'paid', 'rejected') THEN\n        IF NOT EXISTS (\n            SELECT 1 FROM members_resolution r JOIN members_meeting m ON m.id = r.meeting_id\n             WHERE r.id = NEW.resolution_id AND jsonb_array_length(m.present) >= 3) THEN\n            RAISE EXCEPTION 'a claim is decided by a meeting with three present' USING ERRCODE = 'check_violation';\n        END IF;\n        IF level = 'strict' AND TG_OP = 'UPDATE' AND NEW.state <> 'rejected'\n           AND NEW.amount_approved > coalesce((SELECT two_approvals_above FROM welfare_welfaresettings), 5000)\n           AND 2 > (SELECT count(DISTINCT a.approved_by_id) FROM welfare_claimapproval a\n                     WHERE a.claim_id = NEW.id AND a.submitted_at = NEW.submitted_at\n                       AND a.amount = NEW.amount_approved) THEN\n            RAISE EXCEPTION 'a sum above the ceiling takes two approvals' USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    IF level = 'strict' AND NEW.state = 'verified' AND OLD.state = 'submitted' AND NEW.benefit_list_id IS NULL\n       AND 3 > (SELECT count(*) FROM welfare_claimcertification c\n                 WHERE c.claim_id = NEW.id AND c.submitted_at = NEW.submitted_at\n                   AND c.certified_by_id <> NEW.entered_by_id) THEN\n        RAISE EXCEPTION 'three others certify a claim before it is checked' USING ERRCODE = 'check_violation';\n    END IF;\n    IF level IN ('standard', 'strict') AND OLD.state = 'paid' AND NEW.state = 'approved' AND NOT EXISTS (\n        SELECT 1 FROM ledger_paymentvouchervoid v JOIN welfare_paymentreversalrequest q ON q.voucher_id = v.voucher_id\n         WHERE v.voucher_id = OLD.voucher_id AND v.second_person_id <> q.asked_by_id) THEN\n        RAISE EXCEPTION 'a payment is taken back by two people' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='a4bf699c2241a5052bec0133c2c0d3e77f3f5997', operation='INSERT OR UPDATE OF "state"', pgid='pgtrigger_refuse_a_step_alone_81537', table='welfare_claim', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='paymentreversalrequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymentreversalrequest',
            name='voucher',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reversal_request', to='ledger.paymentvoucher'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentreversalrequest',
            trigger=pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='fea44d2580f6bd5b667cd10a78bccf2c76042e92', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_54c63', table='welfare_paymentreversalrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paymentreversalrequest',
            trigger=pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='0debcee4453759fba3e653276708fd50c6ad1fc1', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_4b9d6', table='welfare_paymentreversalrequest', when='BEFORE')),
        ),
    ]
