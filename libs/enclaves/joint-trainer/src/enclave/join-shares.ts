import { concat } from '@touchstone/bytes';
import type { Dataset } from '@touchstone/image-classifier';
import { MAX_PIXELS } from '@touchstone/image-classifier';
import { JointTrainerError } from '../joint-trainer-error';

/** All that is to be learnt from, as one data set; what a participant holds out stays out. @throws JointTrainerError SHARES_DIFFER */
export function joinShares(shares: readonly [Dataset, ...Dataset[]]): Dataset {
  const [{ rows, columns, classes }] = shares;
  for (const member of ['rows', 'columns', 'classes'] as const) {
    if (shares.some((share) => share[member] !== shares[0][member])) throw differ(member);
  }
  const size = rows * columns;
  const training = shares.reduce((sum, share) => sum + share.training, 0);
  if (training * size > MAX_PIXELS) throw differ('pixels');
  return {
    rows,
    columns,
    classes,
    training,
    pixels: concat(...shares.map((share) => share.pixels.subarray(0, share.training * size))),
    labels: concat(...shares.map((share) => share.labels.subarray(0, share.training))),
  };
}

function differ(field: string): JointTrainerError {
  return new JointTrainerError('SHARES_DIFFER', `the shares cannot be joined: ${field}`, { field });
}
