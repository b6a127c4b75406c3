import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { type SyntaxProblem, syntaxProblems } from './syntax.ts';

export type Path = readonly PropertyKey[];

export interface Place {
  line: number;
  column: number;
}

/** A parsed YAML text whose values can be traced back to their places in it. */
export class Source {
  readonly #doc: Document;
  readonly #lines = new LineCounter();
  readonly syntax: readonly SyntaxProblem[];

  constructor(text: string) {
    this.#doc = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'error' });
    this.syntax = syntaxProblems(this.#doc, (offset) => this.placeOf(offset).line);
  }

  /** True where the file has nothing but comments. */
  get empty(): boolean {
    return this.#doc.contents === null;
  }

  /** @throws {ReferenceError} where aliases multiply beyond measure. */
  values(): unknown {
    return this.#doc.toJS();
  }

  /** Every scalar that is a value and not a key, once each. */
  scalars(): { scalar: Scalar; path: Path }[] {
    const found: { scalar: Scalar; path: Path }[] = [];
    visit(this.#doc, {
      Scalar(key, scalar, ancestors) {
        if (key !== 'key') found.push({ scalar, path: pathOf([...ancestors, scalar]) });
      },
    });
    return found;
  }

  placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  has(path: Path): boolean {
    return this.#at(path) !== undefined;
  }

  /** Undefined where there is no value, or a list or a map. */
  scalarAt(path: Path): Scalar | undefined {
    const node = this.#at(path);
    return isScalar(node) ? node : undefined;
  }

  /** Where the value at a path stands, or with `key` its key; where there is none, what should have held it. */
  place(path: Path, key = false): Place {
    const node = (key ? this.#keyAt(path) : undefined) ?? this.#at(path);
    if (node === undefined && path.length > 0) return this.place(path.slice(0, -1), true);
    return this.placeOf(node?.range?.[0] ?? 0);
  }

  /** The value at a path, aliases followed. */
  #at(path: Path): Node | undefined {
    let node = this.#followed(this.#doc.contents);
    for (const step of path) {
      node = this.#followed(isMap(node) ? pairOf(node, step)?.value : isSeq(node) ? node.items[Number(step)] : undefined);
    }
    return node;
  }

  #keyAt(path: Path): Node | undefined {
    const parent = this.#at(path.slice(0, -1));
    const key = isMap(parent) ? pairOf(parent, path.at(-1))?.key : undefined;
    return isNode(key) ? key : undefined;
  }

  #followed(node: unknown): Node | undefined {
    if (isAlias(node)) return node.resolve(this.#doc);
    return isNode(node) ? node : undefined;
  }
}

function pairOf(map: YAMLMap, key: PropertyKey | undefined): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}

function pathOf(chain: readonly (Document | Node | Pair)[]): Path {
  return chain.flatMap((node, i): PropertyKey[] => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : ['?'];
    return isSeq(node) ? [node.items.indexOf(chain[i + 1])] : [];
  });
}
