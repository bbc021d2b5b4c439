import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';

/** What becomes of the losses of all elements. */
export type Reduction = 'mean' | 'sum' | 'none';

/** End of the signature of a loss over elements of shape `s`. */
export const reduction = 'reduction: mean|sum|none = mean -> [...reduceLoss(s, reduction)]';

/** The losses themselves, their sum or their mean. */
export function reduceLoss(g: Builder<Node>, losses: Node, how: Reduction): Node {
  return how === 'none' ? losses : how === 'sum' ? g.sum(losses) : g.mean(losses);
}
