import type { einsumOps } from '../../lib/ir/ops/einsum.js';
import { of, type CasesOf, type OpCase } from './op-case.js';

const equation = (text: string, ...shapes: readonly (readonly number[])[]): OpCase => ({
  ...of(...shapes),
  attrs: { equation: text },
});

export const einsumCases: CasesOf<typeof einsumOps> = {
  einsum: [
    equation('bhqd,bhkd->bhqk', [2, 3, 5, 7], [2, 3, 9, 7]),
    equation('bij,kj->bki', [2, 5, 3], [7, 3]),
    equation('ij,jk->ik', [17, 33], [33, 9]),
    equation('ij,jk', [2, 3], [3, 4]),
    equation('ba', [2, 5]),
    equation('i,i->', [9], [9]),
    equation('i,j->ij', [4], [3]),
    equation('ii->i', [5, 5]),
    equation('ii', [4, 4]),
    equation('iji->j', [3, 4, 3]),
    equation('bii,bi->b', [2, 3, 3], [2, 3]),
    equation('ij->', [3, 8]),
    equation('ij, kl -> k', [2, 3], [4, 5]),
    equation('...ij,...jk->...ik', [3, 1, 2, 4], [5, 4, 3]),
    equation('...i,...i->...', [2, 1, 7], [4, 7]),
    equation('i...,i...->i', [2, 3, 1], [2, 5]),
    equation('...i->i...', [2, 3, 4]),
    equation('...,...', [3, 1], [4]),
    equation('ij,jk,kl->il', [2, 3], [3, 4], [4, 5]),
    equation('ni,nj,nk,ijk->n', [3, 2], [3, 4], [3, 5], [2, 4, 5]),
    equation('bn,anm,bm->ba', [2, 3], [4, 3, 5], [2, 5]),
    equation('ik,jk->ij', [3, 0], [2, 0]),
    equation('->', []),
    equation(',i->i', [], [5]),
  ],
};
