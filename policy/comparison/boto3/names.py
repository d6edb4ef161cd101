"""Prints as JSON what names of boto3 mean: see Names in names.ts. Calls nothing of AWS."""

import json
import re

import boto3
from boto3.resources.model import ResourceModel
from boto3.utils import ServiceContext
from botocore import xform_name
from botocore.exceptions import UnknownServiceError
from botocore.utils import SERVICE_NAME_ALIASES

# What boto3 adds to the classes of resources, by the client's method that it calls.
# https://github.com/boto/boto3/blob/develop/boto3/session.py (_register_default_handlers)
TRANSFERS = ["copy", "download_file", "download_fileobj", "upload_file", "upload_fileobj"]
INJECTED = {
    ("s3", "Bucket"): {it: it for it in TRANSFERS},
    ("s3", "Object"): {it: it for it in TRANSFERS},
    ("ec2", "ServiceResource"): {"create_tags": "create_tags"},
    ("ec2", "Instance"): {"delete_tags": "delete_tags"},
}
INJECTED_LOADS = {("s3", "Bucket"): "list_buckets", ("s3", "ObjectSummary"): "head_object"}
BATCH_WRITERS = {("dynamodb", "Table"): {"batch_writer": "batch_write_item"}}


def is_list(resource):
    return any(re.search(r"\[(\*|)\]", it.path or "") for it in resource.identifiers)


def needs_data(*parameters):
    return any(it.source == "data" for of in parameters for it in of)


def result_of(resource, path):
    """The objects that boto3 makes of a response: with a path, they get their attributes from it."""
    return {"type": resource.type, "isList": is_list(resource), "isLoaded": bool(path)}


def action_of(action):
    resource = action.resource
    needs = needs_data(action.request.params, resource.identifiers if resource else [])
    return {
        "method": xform_name(action.request.operation),
        **({"result": result_of(resource, resource.path)} if resource else {}),
        **({"needsData": True} if needs else {}),
    }


def collection_of(collection):
    """Raises an error for one whose input has attributes: no collection of boto3 is like that."""
    if needs_data(collection.request.params, collection.resource.identifiers):
        raise ValueError(f"{collection.name} loads its parent first; expected no such collection")
    return {
        "method": xform_name(collection.request.operation),
        "type": collection.resource.type,
        "isLoaded": bool(collection.resource.path),
    }


def sub_resource_of(it):
    inputs = [xform_name(one.target) for one in it.resource.identifiers if one.source == "input"]
    return {"type": it.resource.type, "parameters": inputs}


def type_of(service, name, model, shape, cls):
    """The members of a class, each once. Raises an error if the class has others."""
    key = (service, name)
    identifiers = [it.name for it in model.identifiers]
    members = model.get_attributes(shape) if shape else {}
    aliases = [it.member_name for it in model.identifiers if it.member_name in members]
    attributes = [it for it in members if it not in aliases]
    actions = {it.name: action_of(it) for it in model.actions}
    actions |= {it: {"method": method} for it, method in INJECTED.get(key, {}).items()}
    load = INJECTED_LOADS.get(key) or (model.load and xform_name(model.load.request.operation))
    groups = {
        "identifiers": identifiers + aliases,
        "load": load,
        "attributes": sorted(attributes),
        "actions": actions,
        "batchWriters": BATCH_WRITERS.get(key, {}),
        "subResources": {it.name: sub_resource_of(it) for it in model.subresources},
        "references": {it.name: result_of(it.resource, it.resource.path) for it in model.references},
        "collections": {it.name: collection_of(it) for it in model.collections},
        "waiters": {it.name: xform_name(it.waiter_name) for it in model.waiters},
        "batchActions": {
            xform_name(it.name): xform_name(it.request.operation) for it in model.batch_actions
        },
    }
    others = ("load", "batchActions")
    expected = [it for kind, names in groups.items() if kind not in others for it in names]
    expected += ["meta", "get_available_subresources"]
    expected += [*(["load"] if load else []), *(["reload"] if model.load else [])]
    public = [it for it in dir(cls) if not it.startswith("_")]
    if sorted(expected) != public:
        raise ValueError(f"{service} {name}: got {sorted(set(expected) ^ set(public))}; expected no difference")
    return {kind: names for kind, names in groups.items() if names}


def types_of(session, service):
    """The types of a service, by name: its own classes, and those that boto3's models define."""
    resource = session.resource(service)
    own = resource.meta.resource_model
    definitions = own._resource_defs
    context = ServiceContext(
        service_name=service,
        service_model=resource.meta.client.meta.service_model,
        service_waiter_model=None,
        resource_json_definitions=definitions,
    )
    found = {}
    for name in ["ServiceResource", *definitions]:
        is_own = name == "ServiceResource"
        model = own if is_own else ResourceModel(name, definitions[name], definitions)
        shape = model.shape and context.service_model.shape_for(model.shape)
        model.load_rename_map(shape)
        load = session.resource_factory.load_from_definition
        cls = type(resource) if is_own else load(name, definitions[name], context)
        found[name] = type_of(service, name, model, shape, cls)
    return found


def is_unsigned(model, operation):
    """True if IAM does not authorize the operation: the request has no signature of version 4."""
    schemes = operation.auth or model.metadata.get("auth") or [model.signature_version]
    return operation.auth_type == "none" or not any("v4" in it or it == "v2" for it in schemes)


def waiters_of(session, service):
    try:
        config = session._session.get_waiter_model(service)
    except UnknownServiceError:
        return {}
    return {
        xform_name(it): {"name": it, "operation": config.get_waiter(it).operation}
        for it in config.waiter_names
    }


def main():
    session = boto3.Session(
        region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    services = {}
    for service in session.get_available_services():
        model = session._session.get_service_model(service)
        operations = {xform_name(it): it for it in model.operation_names}
        members = [it for it in dir(session.client(service)) if not it.startswith("_")]
        services[service] = {
            "id": model.service_id,
            "operations": operations,
            "otherMembers": [it for it in members if it not in operations],
            "unsigned": [
                it for it in model.operation_names if is_unsigned(model, model.operation_model(it))
            ],
            "waiters": waiters_of(session, service),
        }
    names = {
        "version": boto3.__version__,
        "aliases": SERVICE_NAME_ALIASES,
        "services": services,
        "resources": {it: types_of(session, it) for it in session.get_available_resources()},
    }
    print(json.dumps(names))


main()
