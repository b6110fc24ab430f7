"""What numpy computes for thousands of random shapes, to be frozen: the oracle of stage 4.

Operands are not stored: element i of an operand is operand_value(i, seed), which the checks compute
too. They are odd multiples of 1/8 that no sum or product here rounds, so results must agree exactly.
Shapes are stored in a table, a row a case, -1 where a shape has fewer axes; results one after
another in a single long array.
"""

import numpy

RANK = 6
Arrays = dict[str, numpy.ndarray]


def operand(shape, seed: int) -> numpy.ndarray:
    """Element i is (2 ((7 i + 5 seed) mod 17) - 17) / 8: never 0, and exact."""
    i = numpy.arange(int(numpy.prod(shape, dtype=numpy.int64)))
    return ((2 * ((7 * i + 5 * seed) % 17) - 17) / 8).astype(numpy.float32).reshape(shape)


def padded(numbers, length: int = RANK) -> list[int]:
    return list(numbers) + [-1] * (length - len(numbers))


def random_shape(random, rank: int, sizes=(0, 1, 2, 3, 4)) -> list[int]:
    """Mostly small sizes; an empty axis now and then."""
    weights = numpy.array([1 if size == 0 else 6 for size in sizes], dtype=float)
    return [int(size) for size in random.choice(sizes, rank, p=weights / weights.sum())]


def broadcastable(random) -> tuple[list[int], list[int]]:
    """Two shapes that broadcast: axes of the common shape shrink to 1 or are left away."""
    common = random_shape(random, int(random.randint(0, RANK + 1)))
    pair = []
    for _ in range(2):
        shape = [1 if random.random_sample() < 0.3 else size for size in common]
        pair.append(shape[int(random.randint(0, len(shape) + 1)):] if random.random_sample() < 0.4
                    else shape)
    return pair[0], pair[1]


def broadcast_cases(random, count: int) -> Arrays:
    """c = a op b;  rows of `cases`: operation (+ - * /), shape of a, of b, of c."""
    operations = (numpy.add, numpy.subtract, numpy.multiply, numpy.divide)
    rows, values = [], []
    for case in range(count):
        a, b = broadcastable(random)
        c = operations[case % 4](operand(a, case), operand(b, case + 1))
        rows.append([case % 4, *padded(a), *padded(b), *padded(c.shape)])
        values.append(c.ravel())
    return {"broadcast/cases": numpy.array(rows), "broadcast/values": numpy.concatenate(values)}


def reduce_cases(random, count: int) -> Arrays:
    """y = op(x) over axes;  rows: operation (sum mean max argmax), keepdim, which axes (a bit
    each), shape of x, of y. argmax takes one axis."""
    rows, values = [], []
    for case in range(count):
        operation = case % 4
        sizes = (0, 1, 2, 3, 4) if operation == 0 else (1, 2, 3, 4)  # only a sum may be empty
        x_shape = random_shape(random, int(random.randint(1, RANK + 1)), sizes)
        axes = [axis for axis in range(len(x_shape)) if random.random_sample() < 0.5]
        if operation == 3:
            axes = [int(random.randint(0, len(x_shape)))]
        keepdim = bool(random.randint(0, 2))
        x = operand(x_shape, case)
        if operation == 3:
            y = numpy.argmax(x, axes[0], keepdims=keepdim)
        else:
            y = (numpy.sum, numpy.mean, numpy.max)[operation](x, tuple(axes), keepdims=keepdim)
        y = numpy.asarray(y, dtype=numpy.float32)
        rows.append([operation, keepdim, sum(1 << axis for axis in axes), *padded(x_shape),
                     *padded(y.shape)])
        values.append(y.ravel())
    return {"reduce/cases": numpy.array(rows), "reduce/values": numpy.concatenate(values)}


def matmul_cases(random, count: int) -> Arrays:
    """c = a @ b with batch axes that broadcast;  rows: shape of a, of b, of c."""
    rows, values = [], []
    for case in range(count):
        a, b = broadcastable(random)
        m, k, n = (int(size) for size in random.randint(1, 5, 3))
        a, b = [*a[-4:], m, k], [*b[-4:], k, n]
        c = numpy.matmul(operand(a, case), operand(b, case + 1))
        rows.append([*padded(a), *padded(b), *padded(c.shape)])
        values.append(c.ravel())
    return {"matmul/cases": numpy.array(rows), "matmul/values": numpy.concatenate(values)}


def view_cases(random, count: int) -> Arrays:
    """y = slice(permute(x));  rows: shape of x, permutation, sliced axis, start, stop, shape of y."""
    rows, values = [], []
    for case in range(count):
        x_shape = random_shape(random, int(random.randint(1, RANK + 1)), (1, 2, 3, 4))
        order = [int(axis) for axis in random.permutation(len(x_shape))]
        turned = operand(x_shape, case).transpose(order)
        axis = int(random.randint(0, len(x_shape)))
        start, stop = sorted(int(i) for i in random.randint(0, turned.shape[axis] + 1, 2))
        y = numpy.take(turned, range(start, stop), axis)
        rows.append([*padded(x_shape), *padded(order), axis, start, stop, *padded(y.shape)])
        values.append(y.ravel())
    return {"view/cases": numpy.array(rows), "view/values": numpy.concatenate(values)}


def fixtures() -> Arrays:
    """All of them; RandomState is the generator whose numbers numpy promises never to change."""
    random = numpy.random.RandomState(4)
    return (broadcast_cases(random, 1200) | reduce_cases(random, 1200)
            | matmul_cases(random, 400) | view_cases(random, 400))
