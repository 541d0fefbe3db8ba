import type { RecipeGroupName } from '../recipes/table.js';
import type { SweepName } from '../sweeps/table.js';

/** A published report that recipes repeat, or our own. */
export type ExperimentName = RecipeGroupName;

export interface Experiment {
  /** The network and the training, in a sentence or two. */
  about: string;
  /** What it compares, in the order of the report. */
  sweeps: readonly SweepName[];
  /** Where ours differ and why, and what of a report had to be read one way or another; no figures, which are measured. */
  remarks: readonly string[];
}

export const EXPERIMENTS: { [E in ExperimentName]: Experiment } = {
  A: {
    about:
      'A convolution, batch normalisation, a pool, bottleneck blocks (activation before batch normalisation), a dense layer of 64. Adam at its usual rate in batches of 512, 10 epochs.',
    sweeps: ['groups-a'],
    remarks: [
      'The report gives one run of each group and no seed; with three, the groups lie closer together than its figures suggest, and its second group, the lowest there, is not the lowest here.',
      'Dropout is 0.0001, as in the listing that made the published figures, not 0.5 as in its text.',
      'The loss on the whole test set after every mini-batch, which the report plots, is recorded by `--evaluate-every step`. It is a pass over 10,000 images for every 512 that are trained on and changes nothing of the training, so the runs here measured it after every epoch.',
    ],
  },
  B: {
    about:
      'A convolution 7x7 with a stride of 2, a pool, three basic blocks of 64 filters, global average pooling, a dense layer of 64. The baseline is ReLU, Adam, a rate of 0.001, batches of 64.',
    sweeps: ['activation-b', 'optimizer-b', 'learning-rate-b', 'batch-size-b'],
    remarks: [
      'The report states neither the number of epochs nor the batch size of its baseline. Taken for 10 and 64, the training accuracies after the first and the last epoch, means over the seeds, come out as its own to within two tenths of a point, but for SGD after its first epoch (65.32%, in the report 66.48%) and for the rate of 0.1, where the seeds lie far apart: what was trained is taken to be the same.',
      'Its validation accuracies (the validation set is the test set) are single readings of a curve that at a constant rate jumps from epoch to epoch, as the plots show: batch normalisation keeps moving averages of statistics that Adam still moves. Where ours is below the published one after the last epoch, compare the best epoch, which no one could have chosen without the test set.',
      'At a rate of 0.1 Adam moves each weight by a tenth at its first step. One of the seeds here never learned: from the first epoch on it read all pictures as one digit, and at its end all units of its dense layer were 0 for every digit that was looked at. The others learn about as the report says its run did; the mean in the table has all of them.',
      'Training accuracies are the means over the mini-batches of the epoch, in ours as in the report.',
    ],
  },
  C: {
    about:
      'Two pairs of convolutions of 16 to 128 filters, batch normalisation and ReLU after each, two pools, dense layers of 1024 and 128. SGD with a momentum of 0.9, a rate of 0.001, batches of 64, 5 epochs.',
    sweeps: ['learning-rate-c', 'batch-size-c'],
    remarks: ['The report gives whole per cents.'],
  },
  D: {
    about:
      'AlexNet cut down to 28x28, the residual network of the TensorFlow model garden (32 layers) in both of its versions, and GoogLeNet at half its width.',
    sweeps: ['comparison-d'],
    remarks: [
      'The rate of the report is far too small for Adadelta, and how far AlexNet comes with it hangs on how its weights begin: the recipe `alexnet-adam` has a sound rate beside it.',
      'GoogLeNet stands on the list of the report without figures.',
    ],
  },
  E: {
    about:
      'ResNet-34 (21 million parameters) for 28x28: a first convolution 3x3 or 7x7, with and without dropout, with a batch normalisation after every later block of a stage. Adam in batches of 64.',
    sweeps: ['variants-e'],
    remarks: [
      'About 85% with a first convolution 7x7 and about 95% with 3x3, as the report has them, are less than both networks reach here in their first epoch; it gives no stride and no rate for the first.',
      'What is not run or shortened here is so for the time that it takes on two cores: `tenfold sweep variants-e` runs it in full, best on a GPU.',
      'The rate is constant, so the last two variants are the same training, ended after 10 or 30 epochs: its first epochs stand in one row.',
      'Its test accuracy goes up and down by two tenths of a point from epoch to epoch, as the plot shows; the report had its best, 99.41%, after epoch 7. Its training accuracy, the mean over the last epoch, comes out at 99.58%, in the report at 99.59%.',
    ],
  },
  own: {
    about:
      'By the same measures: `speedrun`, a published network that takes seconds; `fast`, which the pipeline trains; `flagship`, the default model, for digits as people write and photograph them.',
    sweeps: ['own'],
    remarks: [
      'Of `flagship` 5,000 of the training images are set aside, other ones for each seed: all that is chosen is chosen on these, and its training accuracy is that on the other 55,000.',
    ],
  },
};
