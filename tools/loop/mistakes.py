"""The commonest mistakes that GCC finds in a stage's sources, and what to do about each.

A pattern is matched from the start of GCC's message on, and may look further: its notes and the
errors after it stand on the lines below. The first pattern that matches speaks, so the particular
ones stand before the general ones. {name} in a sentence is the pattern's group of that name.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Mistake(NamedTuple):
    """What GCC says, and what a learner can do."""

    pattern: str
    advice: str


FLAT = "The numbers lie in one flat buffer: row m, column n of rows of N numbers is c[m * N + n]."
SHAPE = ("A Shape never changes: copy its sizes (std::vector<std::int64_t> sizes = "
         "shape.sizes();), change those, and make Shape(sizes) of them.")
BRACKETS = "A function is called with round brackets: x.shape(), x.strides(), shape.rank()."
CONST = "This one is const, for reading: take const ...&, or make a copy and change that."
BUFFER = "buffer_ points at its vector: buffer_->size() asks it, (*buffer_)[i] is an element."
SIGNATURE = ("The header declares it in another way: name, parameters, result and the const behind "
             "them must be the same. Keep the header's, because others call it.")

MISTAKES = (
    # Signs: what is missing is missing before the place that GCC points at.
    Mistake(r"expected (?:',' or )?';' before",
            "A semicolon is missing just before this place, often at the end of the line above."),
    Mistake(r"expected ';' after (?:class|struct|enum) definition",
            "A class ends with '};': its semicolon is missing, or a brace above is not closed."),
    Mistake(r"expected initializer before",
            "What stands before this does not end: a class ends with '};', a function with '}'."),
    Mistake(r"expected '\}' at end of input",
            "A '{' is never closed: a loop, a function or the namespace lacks its '}'."),
    Mistake(r"(?:expected|qualified-id|a function-def)[\s\S]*error: (?:qualified-id in declaration"
            r"|a function-definition is not allowed here|expected '\}' at end of input)",
            "The function above this line does not end: one of its '{' lacks a '}'."),
    Mistake(r"'\w+' does not name a type\n[\s\S]*error: expected declaration before '\}' token",
            "Above this line stands one '}' too many: it ends the namespace too early."),
    Mistake(r"expected '\(' before", "for, if and while take round brackets: if (...) { ... }."),
    Mistake(r"expected '\)' before", "A round bracket that was opened is not closed before this."),
    Mistake(r"expected primary-expression before '\.' token",
            "What stands before the dot is no object. op is a namespace from stage 2 on: op::add."),
    Mistake(r"expected (?:primary-expression|unqualified-id) before",
            "Something is missing just before this place, or one sign too many."),
    Mistake(r"'else' without a previous 'if'",
            "This else belongs to no if: the if's branch needs { } around its statements."),
    Mistake(r"extended character|stray '", "A sign copied from a text is not the one C++ knows: "
            "type the quotation marks and the minus anew."),
    Mistake(r"missing terminating", "A text begins or ends here without its quotation mark."),
    Mistake(r"unterminated comment", "A comment that begins with /* ends with */."),
    Mistake(r"invalid type argument of unary '\*'",
            "C++ has no ** for powers, and * before a number means nothing: multiply."),

    # Names.
    Mistake(r"'(?:begin|end)' was not declared in this scope\n[\s\S]*note:   'std::(?:begin|end)'",
            "A number is no list to go through: for (int axis = 0; axis < shape.rank(); ++axis)."),
    Mistake(r"'(?P<name>\w+)' is not a member of 'std'\n[\s\S]*"
            r"note: 'std::(?P=name)' is defined in header '(?P<header><\w+>)'",
            "Write #include {header} at the top of the file."),
    Mistake(r"'(?P<name>\w+)' was not declared in this scope\n[\s\S]*"
            r"note: +'std::(?P=name)'", "Its full name is std::{name}."),
    Mistake(r"'\w+' is not a member of 'std'", "The header that has it is not included, such as "
            "<numeric> for std::accumulate or <algorithm> for std::sort; or it is misspelt."),
    Mistake(r"'op' (?:has not been declared|is not a class)",
            "In stage 1 op is a parameter, op.add(a, b); from stage 2 on it is a namespace, "
            'op::add(a, b), known by #include "rows.hpp".'),
    Mistake(r"'(?P<name>\w+)' has not been declared",
            "{name} is known only where its header is included; or it is misspelt."),
    Mistake(r"'(?P<name>\w+_)' was not declared in this scope(?!; did you mean '\w+_')",
            "{name} is seen only inside the functions of its class: elsewhere ask the object, "
            "as in x.strides() or x.offset()."),
    Mistake(r"'(?P<name>\w+)' (?:was not declared in this scope|does not name a type); did you",
            "{name} is misspelt, or declared nowhere above, or in a block that has ended."),
    Mistake(r"'\w+' was not declared in this scope|there are no arguments to",
            "There is no such name here: declare it above, as in std::int64_t count = 1;, or see "
            "where its block ends."),
    Mistake(r"ISO C\+\+ forbids declaration of '(?P<name>\w+)' with no type",
            "What {name} gives back must stand before it: Storage {name}(...)."),
    Mistake(r"declaration of 'auto (?P<name>\w+)' has no initializer",
            "auto takes its type from the value: write auto {name} = ...;"),
    Mistake(r"redefinition of", "It is written twice: delete one of the two."),
    Mistake(r"redeclaration of|conflicting declaration|declaration of '.*' shadows a parameter",
            "This name is taken in the same block or by a parameter: leave out the type to change "
            "that one, or take another name."),
    Mistake(r"no declaration matches|ambiguating new declaration",
            SIGNATURE),

    # Members.
    Mistake(r"'(?:const )?class std::shared_ptr<.*' has no member|no match for 'operator\[\]' "
            r"\(operand types are '(?:const )?std::shared_ptr", BUFFER),
    Mistake(r"'(?:const )?class nt::Storage' has no member named '(?:size|numel|count)'",
            "x.shape().count() is the number of elements, x.shape().rank() the number of axes, "
            "x.shape()[axis] a size."),
    Mistake(r"'(?:const )?class nt::Storage' has no member named '(?P<name>expand|permute|slice|"
            r"reshape|transpose)'", "{name} is a function beside the class: {name}(x, ...)."),
    Mistake(r"'(?:const )?class nt::Array' has no member named",
            "An Array has shape(), backend() and host(), which copies its numbers; what computes "
            "with it stands in op."),
    Mistake(r"'class nt::Shape' has no member named '(?:push_back|insert|resize)'", SHAPE),
    Mistake(r"'.*' has no member named '(?P<name>\w+)'; did you mean '(?P<other>\w+)'",
            "Its name is {other}, if that is what you mean; its header lists all members."),
    Mistake(r"'.*' has no member named", "Its header lists the members that there are."),
    Mistake(r"'.*::(?P<name>\w+)_' is private",
            "Only the functions of its class see {name}_. Others ask the object, if the header "
            "lets them: x.offset() for offset_, tensor.data() for what is in state_."),
    Mistake(r"base operand of '->' has non-pointer type", "It is no pointer: write a dot for ->."),
    Mistake(r"request for member .* is of pointer type", "It is a pointer: write -> for the dot."),
    Mistake(r"request for member '\w+' in '.+', which is of non-class type '[^']+\(",
            "Round brackets made a function of it, which C++ prefers: Storage c{Shape(sizes)};."),
    Mistake(r"request for member .* is of non-class type", "A plain number has no members."),
    Mistake(r"invalid use of (?:non-static )?member function", BRACKETS),

    # Reading and writing.
    Mistake(r"passing 'const nt::Storage' as 'this'", "This Storage is const: data() and at() read "
            "it, and write() needs one of your own, such as Storage y(x.shape());"),
    Mistake(r"passing 'const nt::Array' as 'this'", "data() and grad() are for reading: "
            "set_data(...) and set_grad(...) put another Array in the place."),
    Mistake(r"passing 'const nt::Shape' as 'this'|lvalue required as left operand", SHAPE),
    Mistake(r"passing 'const (?:nt::Index|std::vector)", "This list is for reading: copy it first, "
            "as in Index strides = x.strides();, and change the copy."),
    Mistake(r"assignment of read-only location '.*Storage::data\(\)|invalid conversion from "
            r"'const float\*' to 'float\*'", "data() is for reading: write() gives a pointer for "
            "writing, of a Storage that is not const."),
    Mistake(r"\w+ of member '.*' in read-only object",
            "A function with const behind its parameters changes no member: count in a variable of "
            "its own."),
    Mistake(r"\w+ of read-only", "It is const here. In a lambda with [=] all is: write [&]."),
    Mistake(r"binding reference of type .* discards qualifiers", CONST),
    Mistake(r"cannot bind non-const lvalue reference",
            "A result that nobody holds cannot be changed: leave out the &, and hold it yourself."),

    # Lambdas and the walk.
    Mistake(r"'\w+' is not captured", "A lambda with [] sees nothing around it: write [&]."),
    Mistake(r"no match for call to '\(.*<lambda.*\(nt::Distances",
            "walk calls your function with one argument: [&](const auto& at) { ... }, where at[0] "
            "is the distance in the first array, at[1] in the second."),
    Mistake(r"no match for call to '\(.*<lambda",
            "This lambda is called with other arguments than it takes."),
    Mistake(r"no matching function for call to 'walk[<(]",
            "walk<N> takes a shape, N lists of strides in one pair of braces, and a function: "
            "walk<2>(x.shape(), {x.strides(), y.strides()}, [&](const auto& at) { ... });"),
    Mistake(r"no match for 'operator\[\]' \(operand types are '.*float\*' and '.*std::array",
            "at holds a distance for each array: at[0] for the first, at[1] for the second."),
    Mistake(r"parameter packs not expanded", "args stands for many: write args... for all."),

    # Operators.
    Mistake(r"top-level comma expression in array subscript", FLAT),
    Mistake(r"invalid types '.*float\[.*' for array subscript|'\w+' cannot be used as a function",
            FLAT),
    Mistake(r"invalid operands of types '.*float\*'", "This is the pointer: an element is a[...]."),
    Mistake(r"no match for 'operator\[\]' \(operand types are '(?:const )?nt::(?:Storage|Array)'",
            "x.at({i, j}) is an element of a Storage, x.data()[d] the one that lies d floats "
            "behind the first; an Array gives a copy of its numbers, x.host().values."),
    Mistake(r"no match for 'operator==' \(operand types are '(?:const )?nt::Array' and 'std::null",
            "Whether an Array holds data is asked by if (array)."),
    Mistake(r"no match for 'operator\[\]' \(operand types are .*'nt::Backend'",
            "A Backend is no number: static_cast<std::size_t>(backend) is its index."),
    Mistake(r"no match for 'operator.+' \(operand types are .*(?:nt::Array|nt::Tensor)",
            "Arrays have no operators: write op.add(a, b) in stage 1, op::add(a, b) from stage 2."),
    Mistake(r"no match for 'operator.+' \(operand types are .*nt::Storage",
            "Storages have no operators: elements are reached by at(), by data() or by walk."),
    Mistake(r"no match for 'operator.+' \(operand types are .*nt::Shape",
            "A Shape is no number: shape[axis] is a size, shape.rank() the number of axes, "
            "shape.count() the number of elements."),
    Mistake(r"no match for 'operator\+' \(operand types are .*string_view",
            'Texts are put together by fmt::format("{}: {}", op, text).'),
    Mistake(r"operands to '\?:' have different types", "Both sides of ?: must be of one type."),

    # Calls and conversions.
    Mistake(r"no match for call to '\(nt::Array\) \(\)",
            "A parameter called data or grad hides the function of that name: shape() and state_ "
            "are the tensor's own."),
    Mistake(r"no match for call to '\(nt::op::", "The operations take Arrays, and a number becomes "
            "one by op::array({Shape{}, {value}})."),
    Mistake(r"no match for call to '.*::Kernel",
            "A kernel takes its operands one by one: std::apply(kernel, tuple) unpacks a tuple."),
    Mistake(r"no matching function for call to 'nt::Storage::at\(",
            "at takes one list with an index for each axis: x.at({i, j})."),
    Mistake(r"no matching function for call to 'nt::Storage::view\(",
            "view takes three: x.view(Shape(sizes), strides, offset)."),
    Mistake(r"no matching function for call to 'nt::Storage::Storage\(\)",
            "There is no Storage without a shape: Storage y(x.shape()); has zeros in it."),
    Mistake(r"no matching function for call to 'nt::Tensor::Tensor\(\)",
            "parameters[name] would make a tensor out of nothing: write parameters.at(name)."),
    Mistake(r"no matching function for call to '(?P<name>max|min)\((?=[\s\S]*conflicting types)",
            "std::{name} compares two numbers of one type: put one into "
            "static_cast<std::int64_t>(...)."),
    Mistake(r"no matching function for call to 'swap\(",
            "std::swap(a, b) swaps two variables, such as sizes[0] and sizes[1] of a list. Those "
            "of a Shape are swapped in a copy of shape.sizes()."),
    Mistake(r"no matching function for call to 'nt::ShapeError::",
            'An error takes one text: throw ShapeError(fmt::format("{}: {}", op, text));'),
    Mistake(r"no matching function for call to|too (?:few|many) arguments to function",
            "Number and types of the arguments are not what the header declares: compare them."),
    Mistake(r"call of overloaded '.*' is ambiguous",
            "Several functions fit equally well: say which type you mean, as in "
            "static_cast<std::int64_t>(...)."),
    Mistake(r".*from.* 'std::vector<long int>'.* to .*'nt::Shape'|cannot convert "
            r"'std::vector<long int>' to 'nt::Shape'|.*'const nt::Shape&' from expression of type "
            r"'std::vector<long int>'|converting to 'nt::Shape' from initializer list",
            "A list becomes a Shape only where you say so: write Shape(sizes)."),
    Mistake(r"conversion from '(?:const )?nt::Shape' to non-scalar type 'std::vector",
            "The list behind a Shape is shape.sizes()."),
    Mistake(r".*from '(?:const )?nt::Shape' to .*'nt::Storage'",
            "Storage(shape) makes zeros of that shape, x.view(shape, strides, offset) a view."),
    Mistake(r".* from expression of type '(?:const )?nt::Tensor'",
            "A Tensor is no Array: tensor.data() is the one with its values."),
    Mistake(r"cannot convert '(?:const )?nt::(?:Host)?Array' to 'float'",
            "The numbers of an Array x are in x.host().values, and the first is .front() of them."),
    Mistake(r"cannot convert '.*vector<float>.*' to 'float'",
            "This is the whole buffer: one element of it is (*buffer_)[position]."),
    Mistake(r"cannot convert '.*std::optional<", "A std::optional is opened by a star: *strides."),
    Mistake(r"could not convert .* to 'std::optional<", "Nothing at all is std::nullopt."),
    Mistake(r"could not convert '.*' from '.*' to 'bool'", "This is no condition: compare it."),
    Mistake(r"could not convert|cannot convert|invalid conversion|conversion from|invalid init",
            "This is of another type than what is wanted here: see both in the message."),

    # Returning.
    Mistake(r"no return statement|control reaches end|return-statement with no value",
            "Every way through this function must end in return and a value (or in throw)."),
    Mistake(r"return-statement with a value", "This function gives nothing back: it writes where "
            "its parameters point, and return; stands alone."),

    # Others.
    Mistake(r"use of deleted function 'nt::Op", "A row of the op table is not copied: refer to it, "
            "const auto& row = op::add;"),
    Mistake(r"use of deleted function 'fmt::", "fmt knows numbers and texts: write "
            'x.shape().text() for a shape, fmt::join(strides, ", ") for a list.'),
    Mistake(r"'constexpr void fmt::.*on_error[\s\S]*argument not found",
            "The format has more {} than values after it."),
)


def recognise(text: str) -> Mistake | None:
    """The mistake behind the error with which text begins."""
    return next((mistake for mistake in MISTAKES if re.match(mistake.pattern, text)), None)


def advice(text: str) -> str:
    """What to do about the error with which text begins; empty where no mistake is recognised."""
    mistake = recognise(text)
    if not mistake:
        return ""
    named = re.match(mistake.pattern, text).groupdict()
    return re.sub(r"\{(\w+)\}", lambda name: named.get(name[1], name[0]), mistake.advice)
