"""Runs a Pulumi program inline through the Automation API: a first preview, `up` and a second preview.

The one argument is JSON with the members `cli` (the folder above the bin/ of the Pulumi CLI), `project` (name),
`folder` (of the project), `pack` and `advisory` (the policy pack, and its configuration for `up`).
Prints one line of JSON for each finding, each error of the engine and the end of each run.
"""

import json
import os
import runpy
import sys
import threading

from pulumi import automation

settings = json.loads(sys.argv[1])
folder = settings["folder"]
os.chdir(folder)


def program():
    runpy.run_path(os.path.join(folder, "__main__.py"), run_name="__main__")


stack = automation.create_stack(
    stack_name="dev",
    project_name=settings["project"],
    program=program,
    opts=automation.LocalWorkspaceOptions(
        work_dir=folder,
        pulumi_command=automation.PulumiCommand(root=settings["cli"]),
        env_vars={"PWD": folder},
    ),
)


def run(name, operation, configs):
    errors = []
    ended = threading.Event()

    def report(event):
        diagnostic = event.diagnostic_event
        if diagnostic and diagnostic.severity == "error":
            errors.append(diagnostic.message)
        found = event.policy_event
        if found:
            finding = {
                "policyName": found.policy_name,
                "enforcementLevel": found.enforcement_level,
                "resourceUrn": found.resource_urn,
                "message": found.message,
            }
            print(json.dumps({"run": name, "finding": finding}), flush=True)
        # The engine's last event.
        if event.cancel_event:
            ended.set()

    failed = False
    try:
        operation(
            on_event=report, policy_packs=[settings["pack"]], policy_pack_configs=configs
        )
    except automation.CommandError:
        failed = True
    # Events arrive in another thread.
    if not ended.wait(60):
        sys.exit(f"not all events of {name} arrived within 60 seconds")
    for message in errors or ["preview failed"] if failed else []:
        print(json.dumps({"run": name, "error": message}), flush=True)
    print(json.dumps({"run": name, "ended": True}), flush=True)


run("first preview", stack.preview, [])
run("up", stack.up, [settings["advisory"]])
run("second preview", stack.preview, [])
