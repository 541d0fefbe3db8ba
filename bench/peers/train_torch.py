"""Training steps of PyTorch on the CPU, one for each line `step` on stdin.

    /usr/bin/python3 bench/peers/train_torch.py --network speedrun --threads 2

Prints one JSON line when it is ready, then answers each line that comes by one; see step-protocol.ts. `step` runs forward,
backward and optimiser on a batch that already lies in memory, `memory` gives the peak resident memory. The end of stdin ends it.
"""

import argparse
import json
import re
import resource
import signal
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Speedrun(nn.Module):
    """24c5-pool-32c3-pool-256-10 as published (tuomaso/train_mnist_fast): valid convolutions, pool before ReLU."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 24, 5)
        self.conv2 = nn.Conv2d(24, 32, 3)
        self.dense1 = nn.Linear(32 * 5 * 5, 256)
        self.dense2 = nn.Linear(256, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        return self.dense2(F.relu(self.dense1(torch.flatten(x, 1))))


def normalisation(channels):
    """Keras counts the old average's share (.99), PyTorch the new one's (.01)."""
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class Bottleneck(nn.Module):
    """1x1 ReLU, norm, 3x3 ReLU, norm, 1x1, norm, plus the input, ReLU."""

    def __init__(self, filters):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(filters, filters, 1), nn.ReLU(), normalisation(filters),
            nn.Conv2d(filters, filters, 3, padding=1), nn.ReLU(), normalisation(filters),
            nn.Conv2d(filters, filters, 1), normalisation(filters),
        )

    def forward(self, x):
        return F.relu(self.branch(x) + x)


def bottleneck_network(filters, blocks):
    """Experiment A: 3x3 valid, ReLU, norm, pool, bottleneck blocks, dense 64 ReLU, dropout, dense 10."""
    return nn.Sequential(
        nn.Conv2d(1, filters, 3), nn.ReLU(), normalisation(filters), nn.MaxPool2d(2),
        *[Bottleneck(filters) for _ in range(blocks)],
        nn.Flatten(), nn.Linear(filters * 13 * 13, 64), nn.ReLU(), nn.Dropout(0.0001), nn.Linear(64, 10),
    )


class BasicBlock(nn.Module):
    """3x3, norm, ReLU, 3x3, norm, plus the input, ReLU."""

    def __init__(self, filters):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(filters, filters, 3, padding=1), normalisation(filters), nn.ReLU(),
            nn.Conv2d(filters, filters, 3, padding=1), normalisation(filters),
        )

    def forward(self, x):
        return F.relu(self.branch(x) + x)


def basic_block_network(filters, blocks):
    """Experiment B. TensorFlow's `same` pads one side more where the total is odd; here both are padded alike, to the same size."""
    return nn.Sequential(
        nn.Conv2d(1, filters, 7, stride=2, padding=3), normalisation(filters), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1),
        *[BasicBlock(filters) for _ in range(blocks)],
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(filters, 64), nn.ReLU(), nn.Linear(64, 10),
    )


def conv_pairs_network(filters):
    """Experiment C: four valid 3x3 convolutions, each twice as wide, norm and ReLU after each, a pool after every second."""
    layers = []
    for index in range(4):
        width = filters * 2 ** index
        layers += [nn.Conv2d(1 if index == 0 else width // 2, width, 3), nn.BatchNorm2d(width), nn.ReLU()]
        if index % 2 == 1:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(
        *layers, nn.Flatten(), nn.Linear(8 * filters * 4 * 4, 1024), nn.ReLU(),
        nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 10),
    )


def adam(**settings):
    return lambda parameters: torch.optim.Adam(parameters, **settings)


KERAS_ADAM = adam(lr=0.001, eps=1e-7)

# Name: network, batch size, optimiser; those of the recipes of the same names.
NETWORKS = {
    'speedrun': (Speedrun, 256, adam(lr=0.01, betas=(0.7, 0.9), eps=1e-7)),
    'bottleneck-32x2': (lambda: bottleneck_network(32, 2), 512, KERAS_ADAM),
    'bottleneck-64x2': (lambda: bottleneck_network(64, 2), 512, KERAS_ADAM),
    'basic-block-64x3': (lambda: basic_block_network(64, 3), 64, KERAS_ADAM),
    'conv-pairs-16x4': (
        lambda: conv_pairs_network(16), 64,
        lambda parameters: torch.optim.SGD(parameters, lr=0.001, momentum=0.9),
    ),
}


def peak_bytes():
    """Linux's own peak of this process; `ru_maxrss` may hold that of the process that started it."""
    try:
        with open('/proc/self/status', encoding='ascii') as status:
            return int(re.search(r'^VmHWM:\s+(\d+) kB', status.read(), re.MULTILINE).group(1)) * 1024
    except OSError:
        # Linux counts in KiB, macOS in bytes.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak * (1 if sys.platform == 'darwin' else 1024)


def main():
    # The benchmark's Ctrl-C ends this process too; Python would print where it was.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parser = argparse.ArgumentParser()
    parser.add_argument('--network', choices=sorted(NETWORKS), required=True)
    parser.add_argument('--threads', type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)

    build, batch, optimiser_of = NETWORKS[arguments.network]
    network = build().train()
    optimiser = optimiser_of(network.parameters())
    images = torch.rand(batch, 1, 28, 28)
    labels = torch.randint(0, 10, (batch,))

    def step():
        began = time.perf_counter()
        optimiser.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        optimiser.step()
        # The loss is read, as a training loop reads it, so that the step is over when the clock stops.
        loss.item()
        return (time.perf_counter() - began) * 1000

    answers = {
        'step': lambda: {'milliseconds': step()},
        'memory': lambda: {'bytes': peak_bytes()},
    }
    print(json.dumps({
        'engine': f'PyTorch {torch.__version__}',
        'threads': torch.get_num_threads(),
        'parameters': sum(weights.numel() for weights in network.parameters()),
        'batch': batch,
    }), flush=True)
    for line in sys.stdin:
        print(json.dumps(answers[line.strip()]()), flush=True)


if __name__ == '__main__':
    main()
