import type { AugmentationSettings } from './settings.js';

/** Whether images are varied less in this epoch, which counts from 1. */
export const isLate = ({ lateAfterEpochs }: AugmentationSettings, epoch: number): boolean =>
  lateAfterEpochs > 0 && epoch > lateAfterEpochs;

/** What places images in late epochs: the same random numbers, smaller amounts, fewer of them mirrored. */
export function latePlacement(settings: AugmentationSettings): AugmentationSettings {
  const { latePlacementShare: share, lateEffectShare } = settings;
  return {
    ...settings,
    rotateDegrees: share * settings.rotateDegrees,
    zoomShare: share * settings.zoomShare,
    shearDegrees: share * settings.shearDegrees,
    elasticPixels: share * settings.elasticPixels,
    flipProbability: lateEffectShare * settings.flipProbability,
  };
}
