// Generated from package.json, lib/ir/ops and lib/rewrite/rules by `npm run codegen`: do not edit.
/** Of the library, and of its rules. */
export const rewriteVersion = '0.1.0 ed9fa42853268514';
