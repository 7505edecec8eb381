"""Hold what a meeting resolved, and who was present when it did, in the database."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0008_foreign_keys_led_by_other_indexes'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='meeting',
            trigger=pgtrigger.compiler.Trigger(name='refuse_others_present', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.present IS DISTINCT FROM OLD.present\n       AND EXISTS (SELECT 1 FROM members_resolution r WHERE r.meeting_id = NEW.id) THEN\n        RAISE EXCEPTION 'who was present no longer changes once a meeting resolved' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='697ad3969ebaa2493ee25dbefb397b54276d0e25', operation='UPDATE OF "present"', pgid='pgtrigger_refuse_others_present_68b09', table='members_meeting', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resolution',
            trigger=pgtrigger.compiler.Trigger(name='append_only_rows', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='998ffca718c3296b9fb80262c249f805a98d7f7c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_rows_f8eae', table='members_resolution', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='resolution',
            trigger=pgtrigger.compiler.Trigger(name='append_only_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP;", hash='6abc8c762630902f00379e9e1f0ae81a0bbbaad3', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_append_only_table_18275', table='members_resolution', when='BEFORE')),
        ),
    ]
