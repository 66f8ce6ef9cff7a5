"""The steps every organ begins with: 科室初审 → 合规审核 → 保密审查."""

from django.db import migrations

STEPS = [
    (1, "section", "科室初审", "section_reviewer", "section"),
    (2, "compliance", "合规审核", "compliance_reviewer", "organ"),
    (3, "secrecy", "保密审查", "secrecy_reviewer", "organ"),
]


def fill(apps, schema_editor):
    PlanStep = apps.get_model("review", "PlanStep")
    PlanStep.objects.bulk_create(
        PlanStep(
            organ=None, subject_kind="disclosure.version", order=order, code=code, title=title, role=role, scope=scope
        )
        for order, code, title, role, scope in STEPS
    )


def empty(apps, schema_editor):
    apps.get_model("review", "PlanStep").objects.filter(organ=None).delete()


class Migration(migrations.Migration):
    dependencies = [("review", "0002_guards")]

    operations = [migrations.RunPython(fill, empty)]
