import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { encodeModel } from '../core/model-json.js';
import { RUN_FILES } from '../core/run.js';

/** Writes a Layers model as a run folder has it, `model.json` and `weights.bin`, with no run around it. */
export async function saveLayersModel(model: LayersModel, folder: string): Promise<void> {
  await model.save(
    io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const artifacts = { modelTopology: modelTopology!, weightSpecs: weightSpecs!, weightData: weightData! };
      const { modelJson, weights } = encodeModel(artifacts, RUN_FILES.weights);
      writeFileSync(join(folder, RUN_FILES.model), modelJson);
      writeFileSync(join(folder, RUN_FILES.weights), weights);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
}
