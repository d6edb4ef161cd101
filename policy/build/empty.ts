// Used instead of what @pulumi/pulumi loads and a policy pack never calls: TypeScript, which serializes functions, and the
// Automation API.
