import { relative } from 'node:path';
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import { isStringLiteralLikeNode } from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';

/** One TypeScript source as the compiler reads it. */
export interface Source {
  /** From the repository's root, with slashes: `train/dataset/idx.ts`. */
  path: string;
  text: string;
  /** Every module named: static, type-only, re-exported, dynamic and `import('x').T`. */
  imports: string[];
  /** How often the type `any` is written out. */
  anyCount: number;
}

/** The sources that the `tsconfig.json` in `root` (an absolute folder, its end without a slash) includes. */
export function readSources(root: string): Source[] {
  const api = new API({ cwd: root });
  try {
    const project = api.updateSnapshot({ openProjects: [`${root}/tsconfig.json`] }).getProjects()[0]!;
    return project.rootFiles.map((file) => {
      const source = project.program.getSourceFile(file)!;
      return {
        path: relative(root, file).replaceAll('\\', '/'),
        text: source.text,
        imports: source.imports.filter(isStringLiteralLikeNode).map(({ text }) => text),
        anyCount: countAny(source),
      };
    });
  } finally {
    api.close();
  }
}

function countAny(source: SourceFile): number {
  let count = 0;
  const visit = (node: Node): void => {
    if (node.kind === SyntaxKind.AnyKeyword) count++;
    node.forEachChild(visit);
  };
  visit(source);
  return count;
}
