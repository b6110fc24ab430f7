"""What PyTorch computes for single operations: inputs, outputs and gradients, to be frozen.

Each fixture is a group of arrays `name/x`, `name/y` ...; a gradient is called `d` and the name of
what it belongs to, so `softmax/dx` is dL/dx where L = sum(y * dy). Inputs are float32 numbers,
computed with in float64.
"""

import torch
from torch import nn
from torch.nn import functional as F

Fixture = dict[str, torch.Tensor]


def draw(generator: torch.Generator, *shape: int, scale: float = 1.0) -> torch.Tensor:
    """Normal numbers that float32 holds exactly."""
    return (torch.randn(*shape, generator=generator) * scale).double()


def forward_backward(name: str, function, inputs: Fixture, generator) -> Fixture:
    """The inputs, y = function(inputs), a random dy, and the gradient of every input."""
    leaves = {key: value.clone().requires_grad_() for key, value in inputs.items()}
    y = function(**leaves)
    dy = draw(generator, *y.shape)
    y.backward(dy)
    arrays = inputs | {"y": y.detach(), "dy": dy}
    arrays |= {"d" + key: leaf.grad for key, leaf in leaves.items()}
    return {f"{name}/{key}": value for key, value in arrays.items()}


def attention(x, in_weight, in_bias, out_weight, out_bias, heads=1, mask=None):
    """PyTorch's multi-head self-attention; mask is True where a query must not look."""
    y, _ = F.multi_head_attention_forward(
        x.transpose(0, 1), x.transpose(0, 1), x.transpose(0, 1), x.shape[-1], heads, in_weight,
        in_bias, None, None, False, 0.0, out_weight, out_bias, attn_mask=mask, need_weights=False)
    return y.transpose(0, 1)


def attention_fixtures(generator) -> Fixture:
    """A toy sequence: 2 x 5 tokens of 8 numbers; one head, one head with a causal mask, two heads."""
    weights = {"in_weight": draw(generator, 24, 8, scale=0.3), "in_bias": draw(generator, 24),
               "out_weight": draw(generator, 8, 8, scale=0.3), "out_bias": draw(generator, 8)}
    inputs = {"x": draw(generator, 2, 5, 8)} | weights
    causal = torch.ones(5, 5, dtype=torch.bool).triu(1)
    result = forward_backward("attention", attention, inputs, generator)
    result |= forward_backward(
        "attention_causal", lambda **k: attention(**k, mask=causal), inputs, generator)
    return result | forward_backward(
        "attention_two_heads", lambda **k: attention(**k, heads=2), inputs, generator)


def cross_entropy_fixture(generator) -> Fixture:
    labels = torch.tensor([3, 0, 9, 3, 7])
    x = draw(generator, 5, 10, scale=3).requires_grad_()
    loss = F.cross_entropy(x, labels)
    loss.backward()
    return {"cross_entropy/x": x.detach(), "cross_entropy/labels": labels,
            "cross_entropy/y": loss.detach(), "cross_entropy/dx": x.grad}


def encoder_fixture(generator) -> Fixture:
    """A block of two heads, dim 8, MLP 16, on 2 x 5 tokens; its weights by their names."""
    block = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, activation="gelu", batch_first=True,
                                       norm_first=True).double()
    weights = {name: draw(generator, *weight.shape, scale=0.5)
               for name, weight in block.named_parameters()}
    block.load_state_dict(weights)
    x = draw(generator, 2, 5, 8).requires_grad_()
    y = block(x)
    dy = draw(generator, *y.shape)
    y.backward(dy)
    result = {"encoder/x": x.detach(), "encoder/y": y.detach(), "encoder/dy": dy,
              "encoder/dx": x.grad}
    for name, weight in block.named_parameters():
        result |= {f"encoder/weights/{name}": weights[name],
                   f"encoder/gradients/{name}": weight.grad}
    return result


def clip_fixture(generator) -> Fixture:
    """Two gradients before and after their common norm is clipped to 1."""
    weights = [nn.Parameter(draw(generator, *shape)) for shape in ((4, 3), (5,))]
    before = [draw(generator, *weight.shape) for weight in weights]
    for weight, grad in zip(weights, before):
        weight.grad = grad.clone()
    norm = nn.utils.clip_grad_norm_(weights, 1.0)
    result = {"clip/norm": norm}
    for i, weight in enumerate(weights):
        result |= {f"clip/before.{i}": before[i], f"clip/after.{i}": weight.grad}
    return result


OPTIMIZERS = {
    "sgd": lambda w: torch.optim.SGD(w, lr=0.1),
    "sgd_momentum": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9),
    "sgd_dampening": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, dampening=0.5),
    "sgd_nesterov": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, nesterov=True),
    "sgd_weight_decay": lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9, weight_decay=0.1),
    "adamw": lambda w: torch.optim.AdamW(w, lr=0.01, weight_decay=0.01),
    "adamw_no_decay": lambda w: torch.optim.AdamW(w, lr=0.01, weight_decay=0.0),
    "adamw_betas": lambda w: torch.optim.AdamW(w, lr=0.01, betas=(0.5, 0.9), weight_decay=0.1),
    "adamw_eps": lambda w: torch.optim.AdamW(w, lr=0.01, eps=1e-3, weight_decay=0.01),
}


def optimizer_fixtures(generator) -> Fixture:
    """Ten steps of every optimizer from the same start with the same gradients."""
    start, grads = draw(generator, 4, 3), draw(generator, 10, 4, 3)
    result = {"optimizers/start": start, "optimizers/gradients": grads}
    for name, make in OPTIMIZERS.items():
        weight = nn.Parameter(start.clone())
        optimizer = make([weight])
        steps = []
        for grad in grads:
            weight.grad = grad.clone()
            optimizer.step()
            steps.append(weight.detach().clone())
        result[f"optimizers/{name}"] = torch.stack(steps)
    return result


def fixtures() -> Fixture:
    """All of them; the seed makes them the same at every call."""
    g = torch.Generator().manual_seed(20)
    x = draw(g, 2, 5, 8, scale=2)
    scale_shift = {"weight": draw(g, 8), "bias": draw(g, 8)}
    result = {}
    for name, function in (("softmax", lambda x: F.softmax(x, -1)),
                           ("log_softmax", lambda x: F.log_softmax(x, -1)),
                           ("gelu", lambda x: F.gelu(x)), ("relu", lambda x: F.relu(x))):
        result |= forward_backward(name, function, {"x": x}, g)
    result |= forward_backward(
        "layer_norm", lambda x, weight, bias: F.layer_norm(x, (8,), weight, bias),
        {"x": x} | scale_shift, g)
    result |= forward_backward(
        "linear", lambda x, weight, bias: F.linear(x, weight, bias),
        {"x": x, "weight": draw(g, 3, 8), "bias": draw(g, 3)}, g)
    result |= forward_backward(
        "patch_embedding",
        lambda x, weight, bias: F.conv2d(x, weight, bias, stride=4).flatten(2).transpose(1, 2),
        {"x": draw(g, 2, 1, 12, 12), "weight": draw(g, 6, 1, 4, 4), "bias": draw(g, 6)}, g)
    result |= attention_fixtures(g) | cross_entropy_fixture(g) | clip_fixture(g)
    return result | optimizer_fixtures(g) | encoder_fixture(g)
