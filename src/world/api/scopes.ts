import { ApiError } from './error.ts';
import type { ScopeExpression } from './method.ts';

/** Whether the scopes, which may end in `*`, satisfy the expression. */
export function satisfied(scopes: readonly string[], required: ScopeExpression): boolean {
  return missing(scopes, required) === undefined;
}

/** What of the expression is not satisfied. */
function missing(scopes: readonly string[], required: ScopeExpression): ScopeExpression | undefined {
  if (typeof required === 'string') return scopes.some((scope) => grants(scope, required)) ? undefined : required;
  const all = 'AllOf' in required;
  const inner = all ? required.AllOf : required.AnyOf;
  const left = inner.map((one) => missing(scopes, one)).filter((one) => one !== undefined);
  if (all ? left.length === 0 : left.length < inner.length) return undefined;
  if (left.length === 1) return left[0];
  return all ? { AllOf: left } : { AnyOf: left };
}

function grants(scope: string, wanted: string): boolean {
  return scope.endsWith('*') ? wanted.startsWith(scope.slice(0, -1)) : scope === wanted;
}

/** The refusal of a caller who lacks scopes; one without credentials is not told which. */
export function insufficient(clientId: string | undefined, scopes: readonly string[], required: ScopeExpression): ApiError {
  if (clientId === undefined) {
    const needs = 'This request requires Taskcluster credentials that satisfy the following scope expression:';
    return new ApiError('InsufficientScopes', `${needs}\n\n${shown(required)}`);
  }
  const lacks = `Client ID ${clientId} does not have sufficient scopes and is missing the following scopes:`;
  const needs = 'This request requires the client to satisfy the following scope expression:';
  const left = missing(scopes, required) ?? required;
  return new ApiError('InsufficientScopes', `${lacks}\n\n${shown(left)}\n\n${needs}\n\n${shown(required)}`);
}

function shown(expression: ScopeExpression): string {
  return `\`\`\`\n${typeof expression === 'string' ? expression : JSON.stringify(expression, null, 2)}\n\`\`\``;
}
