"""Training steps of PyTorch on the CPU, one for each line `step` on stdin.

    /usr/bin/python3 bench/peers/train_torch.py --network speedrun --threads 2

Prints one JSON line when it is ready ({"torch", "threads", "parameters", "batch"}). Then, for each line that comes:
`step` runs forward, backward and optimiser on a batch that already lies in memory and prints its milliseconds;
`memory` prints the peak resident memory in bytes. The end of stdin ends it.
"""

import argparse
import json
import resource
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


# Name: network, batch size, Adam's settings; those of the recipes of the same names.
NETWORKS = {
    'speedrun': (Speedrun, 256, {'lr': 0.01, 'betas': (0.7, 0.9)}),
    'bottleneck-32x2': (lambda: bottleneck_network(32, 2), 512, {'lr': 0.001, 'eps': 1e-7}),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--network', choices=sorted(NETWORKS), required=True)
    parser.add_argument('--threads', type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)

    build, batch, adam = NETWORKS[arguments.network]
    network = build().train()
    optimiser = torch.optim.Adam(network.parameters(), **adam)
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

    commands = {
        'step': lambda: f'{step():.3f}',
        # Linux counts in KiB, macOS in bytes.
        'memory': lambda: str(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == 'darwin' else 1024)
        ),
    }
    print(json.dumps({
        'torch': torch.__version__,
        'threads': torch.get_num_threads(),
        'parameters': sum(weights.numel() for weights in network.parameters()),
        'batch': batch,
    }), flush=True)
    for line in sys.stdin:
        print(commands[line.strip()](), flush=True)


if __name__ == '__main__':
    main()
