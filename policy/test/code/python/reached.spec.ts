import { expect } from "chai";
import { library, reachedIn, type Settings, type Texts } from "./texts.ts";

/** The files that are reached, if nothing else is to be said. */
async function filesOf(texts: Texts, settings: Settings = {}): Promise<readonly string[]> {
  const { files, gaps } = await reachedIn(texts, settings);
  expect(gaps).to.deep.equal([]);
  return files;
}

async function gapsOf(texts: Texts, settings: Settings = {}): Promise<readonly string[]> {
  return (await reachedIn(texts, settings)).gaps;
}

describe("the code that a Python handler reaches", () => {
  for (const [handler, path, name] of [
    ["app.handler", "app.py", "handler"],
    ["app.lambda_handler", "app.py", "lambda_handler"],
    ["src/app.handler", "src/app.py", "handler"],
    ["src.app.handler", "src/app.py", "handler"],
    ["./app.handler", "app.py", "handler"],
    ["my-jobs/run.main", "my-jobs/run.py", "main"],
    ["pkg.handler", "pkg/__init__.py", "handler"],
  ] as const) {
    it(`starts at ${handler}`, async () => {
      const texts = {
        "app.py": "",
        "src/app.py": "",
        "my-jobs/run.py": "",
        "pkg/__init__.py": "",
      };

      const { files, entry, gaps } = await reachedIn(texts, { handler });

      expect({ files, entry, gaps }).to.deep.equal({
        files: [path],
        entry: { path, name },
        gaps: [],
      });
    });
  }

  for (const [handler, variable] of [
    ["datadog_lambda.handler.handler", "DD_LAMBDA_HANDLER"],
    ["newrelic_lambda_wrapper.handler", "NEW_RELIC_LAMBDA_HANDLER"],
    ["sentry_sdk.integrations.init_serverless_sdk.sentry_lambda_handler", "SENTRY_INITIAL_HANDLER"],
  ] as const) {
    it(`starts at the handler in ${variable}`, async () => {
      const texts = { "app.py": "", "jobs/nightly.py": "" };

      const { files, entry } = await reachedIn(texts, {
        handler,
        variables: { [variable]: "jobs.nightly.run" },
      });

      expect(files).to.deep.equal(["jobs/nightly.py"]);
      expect(entry).to.deep.equal({ path: "jobs/nightly.py", name: "run" });
    });
  }

  it("has the gaps of a library that calls the handler", async () => {
    const texts = {
      "app.py": "",
      ...library("datadog_lambda", {
        "datadog_lambda/__init__.py": "",
        "datadog_lambda/handler.py": "from datadog_lambda.api import init",
        "datadog_lambda/api.py": "import botocore.session\nbotocore.session.get_session()",
      }),
    };
    const handler = "datadog_lambda.handler.handler";
    const variables = { DD_LAMBDA_HANDLER: "app.handler" };
    const withSecret = { ...variables, DD_API_KEY_SECRET_ARN: "" };

    expect(await gapsOf(texts, { handler, variables })).to.deep.equal([]);
    expect(await gapsOf(texts, { handler, variables: withSecret })).to.deep.equal([
      "includes datadog_lambda (datadog_lambda/handler.py), which calls AWS itself",
    ]);
  });

  for (const [handler, gap] of [
    [undefined, "is read as a whole, since its handler is not known"],
    [
      "gone.handler",
      "is read as a whole, since the module of its handler gone.handler is not in its package",
    ],
    ["run.sh", "is read as a whole, since the module of its handler run.sh is not in its package"],
    [
      "datadog_lambda.handler.handler",
      "is read as a whole, since the module of its handler datadog_lambda.handler.handler is not in its package",
    ],
  ] as const) {
    it(`is all of the program if the handler is ${handler}`, async () => {
      const texts = {
        "app.py": "",
        "other.py": "",
        ...library("requests", { "requests/__init__.py": "" }),
      };

      const found = await reachedIn(texts, { handler });

      expect(found).to.deep.equal({
        files: ["app.py", "other.py"],
        entry: undefined,
        gaps: [gap],
      });
    });
  }

  for (const [what, app] of [
    ["import", "import util"],
    ["import with another name", "import util as u"],
    ["several imports in one statement", "import os, util"],
    ["from", "from util import helper"],
    ["a wildcard", "from util import *"],
    ["a relative import", "from . import util"],
    ["a relative import of names", "from .util import helper"],
    ["an import in a function", "def handler(event, context):\n    import util"],
    ["an import in a method", "class A:\n    def b(self):\n        from util import c"],
    ["an import in a condition", "if FAST:\n    import util"],
    ["an import in a try", "try:\n    import util\nexcept ImportError:\n    util = None"],
    ["an import that replaces a missing one", "try:\n    import gone\nexcept:\n    import util"],
    ["a lambda", 'load = lambda: __import__("util")'],
    ["__import__", '__import__("util")'],
    ["a name in this package", 'import_module(".util", __package__)'],
    ["importlib.import_module", 'import importlib\nimportlib.import_module("util")'],
    ["import_module", 'from importlib import import_module\nimport_module("ut" "il")'],
    ["runpy", 'import runpy\nrunpy.run_module("util")'],
    ["a statement over several lines", "from util import (\n    a,  # first\n    b,\n)"],
    ["a statement after a semicolon", "import os; import util"],
    ["a match statement", "match x:\n    case 1:\n        import util"],
    ["code after what the parser does not understand", "print 'x'\nx = = 1\nimport util\n"],
  ] as const) {
    it(`includes what it imports by ${what}`, async () => {
      expect(await filesOf({ "app.py": app, "util.py": "", "other.py": "" })).to.deep.equal([
        "app.py",
        "util.py",
      ]);
    });
  }

  it("includes what its modules import, and the packages that they are in", async () => {
    const texts = {
      "app.py": "from shop.orders.store import save",
      "shop/__init__.py": "from .log import log",
      "shop/log.py": "",
      "shop/orders/__init__.py": "",
      "shop/orders/store.py": "from ..clients import table\nimport app",
      "shop/clients.py": "",
      "shop/unused.py": "",
    };

    expect(await filesOf(texts)).to.deep.equal([
      "app.py",
      "shop/__init__.py",
      "shop/clients.py",
      "shop/log.py",
      "shop/orders/__init__.py",
      "shop/orders/store.py",
    ]);
  });

  it("includes the modules that are imported from a package", async () => {
    const texts = {
      "app.py": "from jobs import nightly, Job\nfrom space import part",
      "jobs/__init__.py": "class Job: pass",
      "jobs/nightly.py": "",
      "jobs/weekly.py": "",
      "space/part.py": "",
    };

    expect(await filesOf(texts)).to.deep.equal([
      "app.py",
      "jobs/__init__.py",
      "jobs/nightly.py",
      "space/part.py",
    ]);
  });

  it("includes the module that import_module finds in another package", async () => {
    const texts = {
      "app.py": 'import_module(".nightly", package="jobs")\nimport_module("..weekly", "jobs.deep")',
      "jobs/__init__.py": "",
      "jobs/nightly.py": "",
      "jobs/weekly.py": "",
    };

    expect(await filesOf(texts)).to.deep.equal([
      "app.py",
      "jobs/__init__.py",
      "jobs/nightly.py",
      "jobs/weekly.py",
    ]);
  });

  it("has a gap if a script starts the runtime", async () => {
    const variables = { AWS_LAMBDA_EXEC_WRAPPER: "/var/task/start.sh" };

    expect(await gapsOf({ "app.py": "" }, { variables })).to.deep.equal([
      "is started by a script (AWS_LAMBDA_EXEC_WRAPPER), which is not read",
    ]);
  });

  it("includes all modules of a package that is imported with a wildcard", async () => {
    const texts = {
      "app.py": "from jobs import *",
      "jobs/__init__.py": "__all__ = ['nightly']",
      "jobs/nightly.py": "",
      "jobs/deep/other.py": "",
    };

    expect(await filesOf(texts)).to.deep.equal(["app.py", "jobs/__init__.py", "jobs/nightly.py"]);
  });

  it("includes files of layers, and leaves out their libraries", async () => {
    const texts = {
      "app.py": "from shared import db\nimport yaml",
      "/opt/python/shared/__init__.py": "",
      "/opt/python/shared/db.py": "",
      ...library("yaml", { "yaml/__init__.py": "import shared" }, "/opt/python/"),
    };

    expect(await filesOf(texts)).to.deep.equal([
      "/opt/python/shared/__init__.py",
      "/opt/python/shared/db.py",
      "app.py",
    ]);
  });

  for (const [what, app] of [
    ["for type checkers", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import util"],
    [
      "for type checkers, by the module",
      "import typing\nif typing.TYPE_CHECKING:\n    import util",
    ],
    ["for a script", 'if __name__ == "__main__":\n    import util'],
    ["in comments", "# import util"],
    ["in strings", '"""\nimport util\n"""'],
  ] as const) {
    it(`leaves out imports ${what}`, async () => {
      expect(await filesOf({ "app.py": app, "util.py": "" })).to.deep.equal(["app.py"]);
    });
  }

  it("includes what is imported in the `else` of a condition for type checkers", async () => {
    const app = "if TYPE_CHECKING:\n    import a\nelse:\n    import b";

    expect(await filesOf({ "app.py": app, "a.py": "", "b.py": "" })).to.deep.equal([
      "app.py",
      "b.py",
    ]);
  });

  for (const [what, app, gap] of [
    [
      "a module by a computed name",
      "import importlib\nimportlib.import_module(name)",
      "loads a module by a computed name (app.py:2)",
    ],
    [
      "a module by a name with a replacement",
      'import_module(f"jobs.{name}")',
      "loads a module by a computed name (app.py:1)",
    ],
    [
      "a module of a computed package",
      'import_module(".a", package=name)',
      "loads a module by a computed name (app.py:1)",
    ],
    ["__import__(name)", "__import__(name)", "loads a module by a computed name (app.py:1)"],
    [
      "a file by its path",
      "importlib.util.spec_from_file_location('x', path)",
      "loads a module by a computed name (app.py:1)",
    ],
    ["a script", "runpy.run_path(path)", "loads a module by a computed name (app.py:1)"],
    ["a string", "\nexec(text)", "runs a string as code (app.py:2)"],
    ["a file as a string", "exec(open('x.txt').read())", "runs a string as code (app.py:1)"],
    ["an expression", "eval(text)", "runs a string as code (app.py:1)"],
    [
      "a compiled module",
      "from native import fast",
      "uses native/fast.so (app.py:1), which is compiled and is not read",
    ],
    [
      "a module without source",
      "import old",
      "uses old.pyc (app.py:1), which is compiled and is not read",
    ],
    [
      "a missing module",
      "import gone.deep",
      "imports gone.deep (app.py:1), which is not in its package",
    ],
    [
      "a missing module of a package",
      "from .gone import x",
      "imports .gone (app.py:1), which is not in its package",
    ],
    [
      "a missing module of a folder",
      "from native import gone",
      "imports native.gone (app.py:1), which is not in its package",
    ],
    [
      "a framework that loads modules",
      "import django",
      "uses django (app.py:1), which loads modules by their names",
    ],
  ] as const) {
    it(`has a gap if it runs ${what}`, async () => {
      const texts = {
        "app.py": app,
        "native/fast.so": undefined,
        "old.pyc": undefined,
        ...library("django", { "django/__init__.py": "" }),
      };

      expect(await gapsOf(texts)).to.deep.equal([gap]);
    });
  }

  for (const [what, app] of [
    ["in a try", "try:\n    import gone\nexcept (OSError, ImportError):\n    gone = None"],
    ["in a function in a try", "try:\n    from gone import x\nexcept Exception:\n    pass"],
    ["that is suppressed", "with contextlib.suppress(ImportError):\n    import gone"],
    ["for another version", "if sys.version_info < (3, 11):\n    import gone"],
    ["of the standard library", "import os.path, json, asyncio"],
    ["of Lambda's runtime", "import urllib3, dateutil.parser"],
    ["of the SDK", "import boto3, botocore.exceptions\nfrom boto3 import Session"],
    ["of the future", "from __future__ import annotations"],
  ] as const) {
    it(`has no gap for an import ${what}`, async () => {
      expect(await gapsOf({ "app.py": app })).to.deep.equal([]);
    });
  }

  for (const [what, app] of [
    ["another error", "try:\n    import gone\nexcept ValueError:\n    pass"],
    ["the error of something else", "try:\n    pass\nexcept ImportError:\n    import gone"],
  ] as const) {
    it(`has a gap for a missing module where the program expects ${what}`, async () => {
      expect(await gapsOf({ "app.py": app })).to.have.length(1);
    });
  }

  describe("through libraries", () => {
    const client = 'import boto3\nclient = boto3.client("s3")';

    it("has a gap if a file that is reached creates a client", async () => {
      const texts = {
        "app.py": "import store",
        ...library("store", {
          "store/__init__.py": "from .backends import s3",
          "store/backends/__init__.py": "",
          "store/backends/s3.py": client,
        }),
      };

      expect(await gapsOf(texts)).to.deep.equal([
        "includes store (store/backends/s3.py), which calls AWS itself",
      ]);
    });

    it("has a gap if a library of a library does", async () => {
      const texts = {
        "app.py": "def handler(event, context):\n    from front import api",
        ...library("front", {
          "front/__init__.py": "",
          "front/api.py": "from back.core import (\n    run,\n    stop as halt,\n)",
        }),
        ...library("back", { "back/__init__.py": "", "back/core.py": client }),
      };

      expect(await gapsOf(texts)).to.deep.equal([
        "includes back (back/core.py), which calls AWS itself",
      ]);
    });

    for (const [what, text] of [
      ["botocore's session", "from botocore.session import get_session\nget_session()"],
      ["a session", "from boto3 import Session\nSession()"],
      ["a client by another name", 'from boto3 import client as c\nc("s3")'],
      ["an asynchronous client", 'import aioboto3\naioboto3.Session().client("s3")'],
      ["a signer of botocore", "from botocore.auth import SigV4Auth\nSigV4Auth(a, b, c)"],
      ["its own signer", 'ALGORITHM = "AWS4-HMAC-SHA256"'],
    ] as const) {
      it(`has a gap if a library uses ${what}`, async () => {
        const texts = { "app.py": "import one", ...library("one", { "one.py": text }) };

        expect(await gapsOf(texts)).to.deep.equal([
          "includes one (one.py), which calls AWS itself",
        ]);
      });
    }

    for (const [what, texts] of [
      ["that is not reached", { "store/__init__.py": "", "store/s3.py": client }],
      ["that names the SDK only", { "store/__init__.py": "from botocore.config import Config" }],
      ["with a client of something else", { "store/__init__.py": "client = http.client(1)" }],
    ] as const) {
      it(`has no gap for a library ${what}`, async () => {
        expect(
          await gapsOf({ "app.py": "import store", ...library("store", texts) }),
        ).to.deep.equal([]);
      });
    }

    for (const [what, app, texts, gap] of [
      [
        "that is imported",
        "import pynamodb.models",
        { "pynamodb/models.py": "" },
        "includes pynamodb (pynamodb/models.py), which calls AWS itself",
      ],
      [
        "that another imports",
        "import one",
        { "one.py": "import pynamodb.models", "pynamodb/models.py": "" },
        "includes pynamodb (pynamodb/models.py), which calls AWS itself",
      ],
      [
        "of which a certain name is used",
        "from anthropic import AnthropicBedrock",
        { "anthropic/__init__.py": client },
        "includes anthropic (anthropic/__init__.py), which calls AWS itself",
      ],
      [
        "that is a part of a package",
        "import llama_index.llms.bedrock",
        { "llama_index/llms/bedrock/__init__.py": "" },
        "includes llama_index.llms.bedrock (llama_index/llms/bedrock/__init__.py), which calls AWS itself",
      ],
      [
        "that others load by its name",
        "import pandas",
        { "pandas/__init__.py": "", "s3fs/__init__.py": "" },
        "includes s3fs (s3fs/__init__.py), which calls AWS itself",
      ],
    ] as const) {
      it(`has a gap for a library of the table ${what}`, async () => {
        expect(await gapsOf({ "app.py": app, ...library("one", texts) })).to.deep.equal([gap]);
      });
    }

    for (const [what, app, texts] of [
      ["of which other names are used", "import anthropic", { "anthropic/__init__.py": client }],
      ["that is a part of a package", "import llama_index", { "llama_index/__init__.py": "" }],
      ["that only traces calls", "import sentry_sdk", { "sentry_sdk/__init__.py": client }],
      [
        "that one that only traces calls imports",
        "import sentry_sdk",
        { "sentry_sdk/__init__.py": "import pynamodb", "pynamodb/__init__.py": "" },
      ],
    ] as const) {
      it(`has no gap for a library of the tables ${what}`, async () => {
        expect(await gapsOf({ "app.py": app, ...library("one", texts) })).to.deep.equal([]);
      });
    }

    it("has a gap for a library of the table in a public layer", async () => {
      const gaps = await gapsOf(
        { "app.py": "import aws_encryption_sdk" },
        { layerModules: ["aws_encryption_sdk"] },
      );

      expect(gaps).to.deep.equal(["uses aws_encryption_sdk (app.py:1), which calls AWS itself"]);
    });

    it("leaves the calls of Powertools to where they are used", async () => {
      const texts = {
        "app.py": "from aws_lambda_powertools.utilities import parameters",
        ...library("aws_lambda_powertools", {
          "aws_lambda_powertools/__init__.py": "",
          "aws_lambda_powertools/utilities/parameters.py": client,
        }),
      };

      expect(await gapsOf(texts)).to.deep.equal([]);
    });
  });

  it("stops at the limit of syntax nodes", async () => {
    const texts = { "app.py": "import util", "util.py": "x = 1\n".repeat(1_000) };

    const error = await reachedIn(texts, {}, { functionNodes: 1_000 }).catch((it) => it);

    expect(error.message).to.equal("is not read beyond 1000 syntax nodes in one function");
  });

  for (const [what, texts] of [
    ["unclosed imports", { "one.py": "from a import (\n".repeat(500_000) }],
    ["continued imports", { "one.py": `from a import ${"b\\\n".repeat(500_000)}` }],
    ["many names", { "one.py": `import ${"a,".repeat(500_000)}` }],
    ["spaces", { "one.py": `${" ".repeat(500_000)}\n`.repeat(4) }],
    ["dots", { "one.py": `from ${".".repeat(500_000)} import a` }],
  ] as const) {
    it(`finishes reading a library with ${what}`, async () => {
      const { files } = await reachedIn({ "app.py": "import one", ...library("one", texts) });

      expect(files).to.deep.equal(["app.py"]);
    });
  }
});
