import { expect } from "chai";
import { language, library, modulesIn } from "./texts.ts";

const file = (path: string) => ({ kind: "file", path });

describe("an import in a Python file", () => {
  const { resolve, resolveMember } = modulesIn({
    "app.py": "",
    "util.py": "",
    "pkg/__init__.py": "",
    "pkg/one.py": "",
    "pkg/deep/__init__.py": "",
    "pkg/deep/two.py": "",
    "space/three.py": "",
    "json.py": "",
    "email/send.py": "",
    "native/fast.cpython-314-x86_64-linux-gnu.so": undefined,
    "old.pyc": undefined,
    "both.so": undefined,
    "both.py": "",
    ...library("requests", { "requests/__init__.py": "", "requests/auth.py": "" }),
  });

  for (const [module, expected] of [
    ["util", file("util.py")],
    ["pkg", file("pkg/__init__.py")],
    ["pkg.one", file("pkg/one.py")],
    ["pkg.deep.two", file("pkg/deep/two.py")],
    ["space", { kind: "folder", path: "space/" }],
    ["space.three", file("space/three.py")],
    ["json", file("json.py")],
    ["email", { kind: "provided", module: "email" }],
    ["email.send", file("email/send.py")],
    ["os.path", { kind: "provided", module: "os.path" }],
    ["urllib3", { kind: "provided", module: "urllib3" }],
    ["boto3.session", { kind: "sdk", module: "boto3.session" }],
    ["aioboto3", { kind: "sdk", module: "aioboto3" }],
    ["mypy_boto3_s3.client", { kind: "sdk", module: "mypy_boto3_s3.client" }],
    ["boto3_type_annotations.s3", { kind: "sdk", module: "boto3_type_annotations.s3" }],
    ["types_aiobotocore_s3", { kind: "sdk", module: "types_aiobotocore_s3" }],
    [
      "requests.auth",
      {
        kind: "library",
        library: "requests",
        module: "requests.auth",
        path: "requests/auth.py",
      },
    ],
    ["native.fast", { kind: "compiled", path: "native/fast.cpython-314-x86_64-linux-gnu.so" }],
    ["old", { kind: "compiled", path: "old.pyc" }],
    ["both", { kind: "compiled", path: "both.so" }],
    ["boto3_utils", { kind: "missing", module: "boto3_utils" }],
    ["pkg.three", { kind: "missing", module: "pkg.three" }],
  ] as const) {
    it(`means ${module}`, () => {
      expect(resolve(module)).to.deep.equal(expected);
    });
  }

  for (const [module, from, expected] of [
    [".one", "pkg/__init__.py", file("pkg/one.py")],
    [".", "pkg/one.py", file("pkg/__init__.py")],
    ["..one", "pkg/deep/two.py", file("pkg/one.py")],
    ["..", "pkg/deep/__init__.py", file("pkg/__init__.py")],
    [".gone", "pkg/one.py", { kind: "missing", module: ".gone" }],
  ] as const) {
    it(`means ${module} in ${from}`, () => {
      expect(resolve(module, from)).to.deep.equal(expected);
    });
  }

  for (const [module, member, from, expected] of [
    ["pkg", "one", "app.py", file("pkg/one.py")],
    [".", "one", "pkg/__init__.py", file("pkg/one.py")],
    ["..deep", "two", "pkg/deep/two.py", file("pkg/deep/two.py")],
    [".", "util", "app.py", file("util.py")],
    ["pkg", "CONSTANT", "app.py", undefined],
    ["boto3", "client", "app.py", undefined],
    ["boto3", "session", "app.py", { kind: "sdk", module: "boto3.session" }],
    ["botocore", "config", "app.py", { kind: "sdk", module: "botocore.config" }],
  ] as const) {
    it(`means from ${module} import ${member} in ${from}`, () => {
      expect(resolveMember(module, member, from)).to.deep.equal(expected);
    });
  }

  it("means the program's own package of the name of a part of the SDK", () => {
    const own = modulesIn({ "app.py": "", "boto3.py": "" });

    expect(own.resolve("boto3")).to.deep.equal(file("boto3.py"));
  });

  describe("of a layer", () => {
    const ofLayers = modulesIn({
      "app.py": "",
      "shared.py": "",
      "/opt/python/shared.py": "",
      "/opt/python/db/__init__.py": "",
      "/opt/python/lib/python3.14/site-packages/attrs/__init__.py": "",
      ...library("yaml", { "yaml/__init__.py": "" }, "/opt/python/"),
    });

    for (const [module, expected] of [
      ["shared", file("shared.py")],
      ["db", file("/opt/python/db/__init__.py")],
      [
        "attrs",
        {
          kind: "library",
          library: "attrs",
          module: "attrs",
          path: "/opt/python/lib/python3.14/site-packages/attrs/__init__.py",
        },
      ],
      [
        "yaml",
        {
          kind: "library",
          library: "yaml",
          module: "yaml",
          path: "/opt/python/yaml/__init__.py",
        },
      ],
    ] as const) {
      it(`means ${module}`, () => {
        expect(ofLayers.resolve(module)).to.deep.equal(expected);
      });
    }

    it("means a library of a public layer", () => {
      const { resolve: inPublic } = modulesIn(
        { "app.py": "" },
        { layerModules: ["aws_lambda_powertools"] },
      );

      expect(inPublic("aws_lambda_powertools.utilities")).to.deep.equal({
        kind: "library",
        library: "aws_lambda_powertools",
        module: "aws_lambda_powertools.utilities",
        path: undefined,
      });
    });
  });

  describe("that sys.path makes possible", () => {
    it("means the only file of the program whose path ends with the module", () => {
      const { resolve: guess } = modulesIn({
        "app.py": "",
        "src/lib/util.py": "",
        "a/twice.py": "",
        "b/twice.py": "",
        "src/json.py": "",
      });

      expect(guess("lib.util")).to.deep.equal(file("src/lib/util.py"));
      expect(guess("util")).to.deep.equal(file("src/lib/util.py"));
      expect(guess("twice")).to.deep.equal({ kind: "missing", module: "twice" });
      expect(guess("json")).to.deep.equal({ kind: "provided", module: "json" });
    });

    it("means a library in a folder with libraries, and none that a library brings along", () => {
      const { resolve: guess } = modulesIn({
        "app.py": "",
        ...library("yaml", { "yaml/__init__.py": "" }, "vendor/"),
        ...library("pip", { "pip/_vendor/rich/__init__.py": "" }),
      });

      expect(guess("yaml")).to.deep.include({ kind: "library", path: "vendor/yaml/__init__.py" });
      expect(guess("rich")).to.deep.equal({ kind: "missing", module: "rich" });
    });
  });

  it("means a script of a library where pip puts it", () => {
    const { resolve: own } = modulesIn({
      "app.py": "",
      "bin/jp.py": "",
      "jmespath-1.1.0.dist-info/RECORD": "../../bin/jp.py,sha256=x,1\n",
    });

    expect(own("bin.jp")).to.deep.include({ kind: "library", path: "bin/jp.py" });
  });

  it("means a file whose name in the list has a comma", () => {
    const { resolve: own } = modulesIn({
      "app.py": "",
      "odd,name/part.py": "",
      "odd-1.0.dist-info/RECORD": '"odd,name/part.py",sha256=x,1\n',
    });

    expect(own("odd,name.part")).to.deep.include({ kind: "library" });
  });

  describe("of a distribution that is the program's", () => {
    it("means its files if it has the handler", () => {
      const { resolve: own } = modulesIn(
        library("shop", { "shop/app.py": "", "shop/orders.py": "" }),
        { handler: "shop.app.handler" },
      );

      expect(own("shop.orders")).to.deep.equal(file("shop/orders.py"));
    });

    it("means its files if it was installed from a folder", () => {
      const { resolve: own } = modulesIn({
        "app.py": "",
        ...library("shared", { "shared/db.py": "" }),
        "shared-1.0.dist-info/direct_url.json": undefined,
      });

      expect(own("shared.db")).to.deep.equal(file("shared/db.py"));
    });
  });

  it("means a namespace package whose parts are in several places", () => {
    const { resolve: own } = modulesIn({
      "app.py": "",
      "company/orders.py": "",
      "/opt/python/company/shared.py": "",
    });

    expect(own("company.shared")).to.deep.equal(file("/opt/python/company/shared.py"));
    expect(own("company.orders")).to.deep.equal(file("company/orders.py"));
  });
});

describe("the files of a Python package", () => {
  for (const [path, isCode, isListed] of [
    ["app.py", true, false],
    ["requests-2.34.2.dist-info/RECORD", true, false],
    ["requests-2.34.2.dist-info/METADATA", false, false],
    ["shared-1.0.dist-info/direct_url.json", false, true],
    ["data.json", false, false],
    ["boto3/session.py", false, false],
    ["vendor/botocore/client.py", false, false],
    ["/opt/python/s3transfer/manager.py", false, false],
    ["boto3-1.44.8.dist-info/RECORD", false, false],
    ["mypy_boto3_s3/client.py", false, false],
    ["boto3_utils/client.py", true, false],
    ["boto3.py", true, false],
    ["numpy/_core/_multiarray.cpython-314-x86_64-linux-gnu.so", false, true],
    ["fast.pyd", false, true],
    ["old.pyc", false, true],
    ["__pycache__/app.cpython-314.pyc", false, false],
    ["pandas/tests/io/test_s3.py", false, false],
    ["numpy/_core/tests/test_api.py", false, false],
    ["app/tests/helpers.py", true, false],
  ] as const) {
    it(`reads of ${path} ${isCode ? "the text" : isListed ? "the path" : "nothing"}`, () => {
      expect([language.isCode(path), language.isListed(path)]).to.deep.equal([isCode, isListed]);
    });
  }
});
