import { z } from 'zod';

/**
 * The protocol's JSON bodies: those of requests validate, all describe. Members that a schema does not name are let
 * through unread, as Triton does: clients send `model_name`, `sequence_id` and others.
 */

const parameter = z.union([z.string(), z.number(), z.boolean()]);
const parameters = z.record(z.string(), parameter);

/** Numbers are checked by hand while they are copied: a schema would take longer than the network. */
const numbers = z.unknown().meta({
  type: 'array',
  items: { anyOf: [{ type: 'number' }, { type: 'array' }] },
  description: 'Numbers, row by row: flat, or nested as the shape says.',
});

const shape = z.array(z.int().nonnegative()).min(1).max(8);

const requestInput = z
  .object({
    name: z.string(),
    datatype: z.string().meta({ description: 'FP32.' }),
    shape: shape.meta({ description: '[rows, 1, 28, 28].' }),
    parameters: z
      .object({
        binary_data_size: z
          .int()
          .nonnegative()
          .optional()
          .meta({ description: 'Bytes of little-endian float32 behind the JSON, in the place of data.' }),
        shared_memory_region: z.never().optional(),
      })
      .catchall(parameter)
      .optional(),
    data: numbers.optional(),
  })
  .meta({ description: 'Ink 1.0 on 0.0.' });

const requestOutput = z.object({
  name: z.string().meta({ description: 'logits or probabilities.' }),
  parameters: z
    .object({
      binary_data: z
        .boolean()
        .optional()
        .meta({ description: 'Answer behind the JSON; overrides binary_data_output.' }),
      classification: z.int().nonnegative().optional().meta({
        description: 'Answer the so many highest values as "value:index:label"; 0 answers the tensor.',
      }),
      shared_memory_region: z.never().optional(),
    })
    .catchall(parameter)
    .optional(),
});

export const inferRequestSchema = z
  .object({
    id: z.string().optional().meta({ description: 'Comes back with the answer.' }),
    inputs: z.array(requestInput).min(1),
    outputs: z.array(requestOutput).optional().meta({ description: 'All of them where none is named.' }),
    parameters: z
      .object({
        binary_data_output: z
          .boolean()
          .optional()
          .meta({ description: 'Answer all outputs as bytes behind the JSON.' }),
      })
      .catchall(parameter)
      .optional(),
  })
  .meta({
    id: 'InferRequest',
    description: 'The Open Inference Protocol, with the binary tensor data extension.',
  });

export type InferHeader = z.infer<typeof inferRequestSchema>;

export const inferResponseSchema = z
  .object({
    id: z.string().optional(),
    model_name: z.string(),
    model_version: z.string(),
    outputs: z.array(
      z.object({
        name: z.string(),
        datatype: z.enum(['FP32', 'BYTES']),
        shape: z.array(z.int()),
        parameters: z.object({ binary_data_size: z.int() }).optional(),
        data: z.array(z.union([z.number(), z.string()])).optional(),
      }),
    ),
  })
  .meta({ id: 'InferResponse' });

export type InferResponse = z.infer<typeof inferResponseSchema>;

export const liveSchema = z.object({ live: z.literal(true) }).meta({ id: 'ServerLive' });
export const readySchema = z.object({ ready: z.literal(true) }).meta({ id: 'ServerReady' });
export const modelReadySchema = z
  .object({ name: z.string(), ready: z.literal(true) })
  .meta({ id: 'ModelReady' });

export const serverMetadataSchema = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'ServerMetadata' });

const tensor = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

export const modelMetadataSchema = z
  .object({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(tensor),
    outputs: z.array(tensor),
  })
  .meta({ id: 'ModelMetadata' });

export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

const configTensor = z.object({
  name: z.string(),
  data_type: z.literal('TYPE_FP32'),
  dims: z.array(z.int()),
});

export const modelConfigSchema = z
  .object({
    name: z.string(),
    platform: z.string(),
    backend: z.string(),
    version_policy: z.object({ all: z.object({}) }),
    max_batch_size: z.int(),
    input: z.array(
      configTensor.extend({
        format: z.literal('FORMAT_NONE'),
        is_shape_tensor: z.boolean(),
        allow_ragged_batch: z.boolean(),
        optional: z.boolean(),
      }),
    ),
    output: z.array(configTensor.extend({ label_filename: z.string(), is_shape_tensor: z.boolean() })),
    dynamic_batching: z.object({
      preferred_batch_size: z.array(z.int()),
      max_queue_delay_microseconds: z.int(),
      preserve_ordering: z.boolean(),
    }),
    default_model_filename: z.string(),
    parameters: z.object({}),
  })
  .meta({ id: 'ModelConfig', description: "What Triton's clients read of its ModelConfig." });

export type ModelConfig = z.infer<typeof modelConfigSchema>;

const duration = z
  .object({ count: z.int(), ns: z.int() })
  .meta({ description: 'How often, and nanoseconds in all.' });
const computed = { compute_input: duration, compute_infer: duration, compute_output: duration };

export const statisticsSchema = z
  .object({
    model_stats: z.array(
      z.object({
        name: z.string(),
        version: z.string().meta({
          description:
            'A number, as Triton numbers versions: where they are other texts, the place in their list.',
        }),
        version_name: z.string().meta({ description: 'The version by which the model is asked for.' }),
        last_inference: z.int().meta({ description: 'Milliseconds since 1970; 0 where there was none.' }),
        inference_count: z.int().meta({ description: 'Pictures or rows.' }),
        execution_count: z.int().meta({ description: 'Runs of the graph.' }),
        inference_stats: z.object({
          success: duration,
          fail: duration,
          queue: duration,
          ...computed,
          cache_hit: duration,
          cache_miss: duration,
        }),
        batch_stats: z.array(z.object({ batch_size: z.int(), ...computed })),
      }),
    ),
  })
  .meta({ id: 'ModelStatistics' });

export type StatisticsBody = z.infer<typeof statisticsSchema>;

export const repositoryIndexRequestSchema = z
  .object({ ready: z.boolean().optional().meta({ description: 'Only what answers.' }) })
  .meta({ id: 'RepositoryIndexRequest' });

export const repositoryIndexSchema = z
  .array(
    z.object({
      name: z.string(),
      version: z.string(),
      state: z.enum(['LOADING', 'READY', 'UNLOADING', 'UNAVAILABLE']),
      reason: z.string(),
    }),
  )
  .meta({ id: 'RepositoryIndex' });

export type RepositoryIndex = z.infer<typeof repositoryIndexSchema>;

/** Both need no body. */
export const repositoryChangeSchema = z
  .object({
    parameters: parameters
      .optional()
      .meta({ description: 'unload_dependents, which changes nothing; models cannot be sent along.' }),
  })
  .meta({ id: 'RepositoryChange' });
