import type { AugmentationSettings } from '../augment/settings.js';
import type { StatisticsSettings } from '../batch-statistics.js';
import type { DistillationSettings } from '../distillation.js';
import type { Architecture, ArchitectureOptions } from '../models/trunk.js';
import type { OptimizerName, OptimizerSettings } from '../optimizers.js';
import type { OutlierSettings } from '../outliers/outliers.js';
import type { ScheduleName, ScheduleSettings } from '../schedules.js';
import type { UpdateSettings } from '../train-step.js';

/** Everything about a training but its network, its seed and its data. */
export interface TrainingSettings
  extends OptimizerSettings,
    ScheduleSettings,
    UpdateSettings,
    StatisticsSettings,
    DistillationSettings,
    AugmentationSettings,
    OutlierSettings {
  epochs: number;
  batchSize: number;
  optimizer: OptimizerName;
  schedule: ScheduleName;
  /** Share of the target spread evenly over the classes, 0 to 1. */
  labelSmoothing: number;
  /** Training images set aside to choose hyperparameters by; 0 trains on all 60,000. */
  validationImages: number;
  /**
   * Epochs without a lower validation loss after which the training ends; the weights of the best epoch are kept, whenever it
   * ends. 0: it goes on to its last epoch and keeps its last weights.
   */
  patience: number;
}

/** A named training. Experiments keep their recipe once published, so that a name always means the same. */
export interface Recipe<A extends Architecture = Architecture> {
  summary: string;
  architecture: A;
  model: ArchitectureOptions[A];
  training: TrainingSettings;
  /** Why each setting is what it is. */
  reasons: { [K in keyof TrainingSettings | keyof ArchitectureOptions[A]]: string };
}

/** A recipe of some architecture: the members fit each other. */
export type AnyRecipe = { [A in Architecture]: Recipe<A> }[Architecture];
