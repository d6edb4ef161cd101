"""Prints, as one JSON object, the results of cloudsplaining and parliament for AWS's managed policies.

The policies are those in moto, each as it is and once more without the statements that have a
condition. Each tool also prints the actions that it knows, and whether they support a
resource, so that a difference can be traced to its data.
"""

import json
import logging
import warnings
from importlib.metadata import version

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import parliament  # noqa: E402
from cloudsplaining.scan.policy_document import PolicyDocument  # noqa: E402
from cloudsplaining.shared.utils import remove_wildcard_only_actions  # noqa: E402
from moto.iam.aws_managed_policies import aws_managed_policies_data  # noqa: E402
from policy_sentry.querying.all import get_all_actions  # noqa: E402

PACKAGES = ["cloudsplaining", "policy_sentry", "parliament", "moto"]
UNKNOWN = ("UNKNOWN_ACTION", "UNKNOWN_PREFIX")
# After these, parliament does not read the rest of a statement.
UNREAD = (*UNKNOWN, "INVALID_ARN", "INVALID_SID", "MALFORMED")


def by_cloudsplaining(document):
    """Whether actions of any access level that support a resource are allowed without one.

    By default it treats every Condition as a restriction; flag_conditional_statements is its option
    for treating none as one. A Deny hides them if there would be some without Deny statements.
    """
    by_default = PolicyDocument(document)
    flagged = PolicyDocument(document, flag_conditional_statements=True)
    is_flagged = bool(flagged.all_allowed_unrestricted_actions)
    return {
        "byDefault": bool(by_default.all_allowed_unrestricted_actions),
        "flagged": is_flagged,
        "denyHides": not is_flagged
        and any(
            it.effect_allow and it.has_resource_wildcard and it.restrictable_actions
            for it in flagged.statements
        ),
    }


def by_parliament(document):
    """RESOURCE_STAR, the unknown actions, and the statements that it did not read to the end.

    None for a document on which parliament fails.
    """
    try:
        policy = parliament.analyze_policy_string(json.dumps(document))
    except Exception:  # It raises plain exceptions.
        return None
    return {
        "resourceStar": "RESOURCE_STAR" in policy.finding_ids,
        "unknown": sorted({it.location["string"] for it in policy.findings if it.issue in UNKNOWN}),
        "unread": [
            index
            for index, statement in enumerate(policy.statements)
            if any(it.issue in UNREAD for it in statement.findings)
        ],
    }


def actions_of_cloudsplaining():
    """Every action in lower case, with `supports` for one that can be restricted, else `none`."""
    known = list(get_all_actions())
    restrictable = {it.lower() for it in remove_wildcard_only_actions(known)}
    return {it: "supports" if it in restrictable else "none" for it in {one.lower() for one in known}}


def actions_of_parliament():
    """The same; `optional` where no resource type is required, which parliament does not report."""
    actions = {}
    for service in parliament.iam_definition:
        for privilege in service["privileges"]:
            types = [it["resource_type"] for it in privilege["resource_types"]]
            level = "supports" if any("*" in it for it in types) else "optional" if any(types) else "none"
            actions[f"{service['prefix']}:{privilege['privilege']}".lower()] = level
    return actions


def without_conditional(document):
    """The document without its statements that have a Condition, whatever their effect."""
    statements = document["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    return {**document, "Statement": [it for it in listed if not it.get("Condition")]}


def evaluated(name, document):
    """One policy with the results of both tools."""
    return {
        "name": name,
        "document": document,
        "cloudsplaining": by_cloudsplaining(document),
        "parliament": by_parliament(document),
    }


documents = {
    name: policy["Document"] for name, policy in sorted(json.loads(aws_managed_policies_data).items())
}
print(
    json.dumps(
        {
            "versions": {it: version(it) for it in PACKAGES},
            "actions": {
                "cloudsplaining": actions_of_cloudsplaining(),
                "parliament": actions_of_parliament(),
            },
            "policies": [evaluated(name, it) for name, it in documents.items()],
            "unconditional": [
                evaluated(name, without_conditional(it)) for name, it in documents.items()
            ],
        }
    )
)
