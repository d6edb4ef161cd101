import importlib.util
from pathlib import Path

import boto3

PLUGINS = Path(__file__).parent / "plugins"
sqs = boto3.client("sqs")


def handler(event, context):
    for path in sorted(PLUGINS.glob("*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.run(event)
