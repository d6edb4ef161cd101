/**
 * True in a pipeline: CI is set, to something other than `false` and `0`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
exports.isCi = ({ CI = "" }) => !["", "0", "false"].includes(CI.toLowerCase());
