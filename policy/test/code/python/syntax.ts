/**
 * A file of policy/test/handlers/python-syntax. Its handler publishes to a topic, sends a message within the syntax, and
 * reboots an instance.
 */
export type Syntax = {
  readonly name: string;
  readonly title: string;
  /** The version of Python that has it first; 2 and 3 for what no version since 3.8 accepts. */
  readonly version: string;
} & (
  | {
      /** The lines of the three calls. */
      readonly lines: readonly [number, number, number];
      readonly unread?: undefined;
    }
  /** The first line that the parser does not understand. */
  | { readonly unread: number; readonly lines?: undefined }
);

/**
 * Source: "What's New In Python" of each version, https://docs.python.org/3/whatsnew/
 */
export const syntaxes: readonly Syntax[] = [
  {
    name: "backquotes.py",
    title: "backquotes of Python 2",
    version: "2",
    lines: [11, 13, 14],
  },
  {
    name: "print_statement.py",
    title: "print of Python 2",
    version: "2",
    unread: 12,
  },
  {
    name: "conflict.py",
    title: "marks of a merge conflict",
    version: "3",
    unread: 12,
  },
  {
    name: "unclosed.py",
    title: "a parenthesis that is not closed",
    version: "3",
    unread: 12,
  },
  {
    name: "future_annotations.py",
    title: "annotations as strings",
    version: "3.7",
    lines: [17, 13, 19],
  },
  {
    name: "assignment_expression.py",
    title: "an assignment expression",
    version: "3.8",
    lines: [11, 12, 14],
  },
  {
    name: "async_generator.py",
    title: "asynchronous loops and lambdas with await",
    version: "3.8",
    lines: [25, 19, 27],
  },
  {
    name: "class_keywords.py",
    title: "keywords and unpacking in a class",
    version: "3.8",
    lines: [20, 16, 22],
  },
  {
    name: "fstring_equals.py",
    title: "f-strings with =",
    version: "3.8",
    lines: [11, 12, 13],
  },
  {
    name: "lambda_parameters.py",
    title: "all kinds of parameters of a lambda",
    version: "3.8",
    lines: [11, 12, 14],
  },
  {
    name: "line_continuation.py",
    title: "continued lines and semicolons",
    version: "3.8",
    lines: [11, 13, 14],
  },
  {
    name: "nested_scope.py",
    title: "global, nonlocal, del and assert",
    version: "3.8",
    lines: [26, 19, 28],
  },
  {
    name: "numbers_and_strings.py",
    title: "literals in every notation",
    version: "3.8",
    lines: [11, 12, 13],
  },
  {
    name: "positional_only.py",
    title: "positional-only parameters",
    version: "3.8",
    lines: [15, 11, 17],
  },
  {
    name: "star_in_return.py",
    title: "unpacking in return and yield",
    version: "3.8",
    lines: [16, 12, 18],
  },
  {
    name: "unicode_names.py",
    title: "names with any letters",
    version: "3.8",
    lines: [11, 12, 15],
  },
  {
    name: "decorator_expression.py",
    title: "decorators with any expression",
    version: "3.9",
    lines: [19, 15, 21],
  },
  {
    name: "dict_union.py",
    title: "unions of dicts",
    version: "3.9",
    lines: [11, 14, 15],
  },
  {
    name: "generic_builtin.py",
    title: "subscripts of built-in types",
    version: "3.9",
    lines: [11, 13, 14],
  },
  {
    name: "match.py",
    title: "match",
    version: "3.10",
    lines: [15, 20, 25],
  },
  {
    name: "match_as_name.py",
    title: "match, case and type as names",
    version: "3.10",
    lines: [11, 12, 14],
  },
  {
    name: "parenthesized_with.py",
    title: "with in parentheses",
    version: "3.10",
    lines: [11, 16, 17],
  },
  {
    name: "union_type.py",
    title: "unions of types",
    version: "3.10",
    lines: [15, 11, 17],
  },
  {
    name: "async_comprehension.py",
    title: "asynchronous comprehensions",
    version: "3.11",
    lines: [21, 17, 23],
  },
  {
    name: "except_star.py",
    title: "except*",
    version: "3.11",
    lines: [11, 15, 18],
  },
  {
    name: "star_in_index.py",
    title: "a star in an index and in for",
    version: "3.11",
    lines: [13, 15, 16],
  },
  {
    name: "variadic_generics.py",
    title: "a star in types",
    version: "3.11",
    lines: [15, 11, 17],
  },
  {
    name: "multiline_fstring.py",
    title: "f-strings with lines and comments inside",
    version: "3.12",
    lines: [11, 14, 17],
  },
  {
    name: "nested_fstring.py",
    title: "f-strings with the same quotes inside",
    version: "3.12",
    lines: [11, 12, 13],
  },
  {
    name: "type_parameters.py",
    title: "type parameters",
    version: "3.12",
    lines: [23, 19, 26],
  },
  {
    name: "type_statement.py",
    title: "the statement type",
    version: "3.12",
    lines: [13, 15, 16],
  },
  {
    name: "type_parameter_default.py",
    title: "defaults of type parameters",
    version: "3.13",
    unread: 10,
  },
  {
    name: "deferred_annotation.py",
    title: "annotations that name later classes",
    version: "3.14",
    lines: [22, 15, 24],
  },
  {
    name: "except_without_parentheses.py",
    title: "except without parentheses",
    version: "3.14",
    lines: [11, 15, 16],
  },
  {
    name: "finally_with_return.py",
    title: "return in finally",
    version: "3.14",
    lines: [19, 14, 21],
  },
  {
    name: "template_string.py",
    title: "t-strings",
    version: "3.14",
    lines: [11, 12, 14],
  },
];
