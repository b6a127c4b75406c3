import { type Document, type ErrorCode, isAlias, visit, type YAMLError } from 'yaml';

/** A place where the text is not the YAML it should be: an offset in it, and why. */
export interface SyntaxProblem {
  offset: number;
  problem: string;
  remedy: string;
  /** What follows it in the file can still be read. */
  passing: boolean;
}

/** In our own words, for the parser's quote the file, and so the secrets in it. */
const WORDS: Partial<Record<ErrorCode, [problem: string, remedy: string]>> = {
  DUPLICATE_KEY: ['the key stands twice', 'Keep one of the two.'],
  MULTIPLE_DOCS: ['a second document begins here', 'Keep one document in a file, and one file for a deployment.'],
  BAD_INDENT: ['the indentation does not fit, or a bracket is not closed', 'Look at this line and the ones above it.'],
  TAB_AS_INDENT: ['the line is indented with a tab', 'Indent with spaces.'],
  BAD_SCALAR_START: ['the value begins with a character that YAML keeps for itself', 'Put the value in quotes.'],
  BAD_DQ_ESCAPE: ['the backslash means nothing here', 'Double it, or use single quotes.'],
  MISSING_CHAR: ['a quote, a bracket or a colon is missing', 'Look at this line and the ones above it.'],
  TAG_RESOLVE_FAILED: ['the value begins with !, which makes it a tag of YAML', 'Remove the tag, or put the value in quotes.'],
};
const OTHER = ['this is not valid YAML', 'Check the indentation, and put values that hold { } [ ] # or ": " in quotes.'] as const;

/** What the parser found wrong, in order, and no more than one a line: the rest of a line mostly follows from the first. */
export function syntaxProblems(doc: Document, lineOf: (offset: number) => number): SyntaxProblem[] {
  const found = [...doc.errors, ...doc.warnings].map(inWords);
  const lines = new Set<number>();
  return [...found, ...unresolved(doc)]
    .sort((a, b) => a.offset - b.offset)
    .filter(({ offset }) => !lines.has(lineOf(offset)) && lines.add(lineOf(offset)));
}

function inWords({ code, pos }: YAMLError): SyntaxProblem {
  const [problem, remedy] = WORDS[code] ?? OTHER;
  return { offset: pos[0], problem, remedy, passing: code === 'DUPLICATE_KEY' || code === 'TAG_RESOLVE_FAILED' };
}

function unresolved(doc: Document): SyntaxProblem[] {
  const found: SyntaxProblem[] = [];
  visit(doc, (_, node) => {
    if (!isAlias(node) || node.resolve(doc) !== undefined) return;
    found.push({
      offset: node.range?.[0] ?? 0,
      problem: 'text that begins with * is an alias in YAML, and nothing above has its name',
      remedy: 'Put the text in quotes, as in schedule: "*/15 * * * *".',
      passing: false,
    });
  });
  return found;
}
