"""What is said of each mistake: the line, and what to do about it."""

from __future__ import annotations

import unittest

from recorded import OUTPUTS, Case

from loop.compiler import explain_build, find_errors, first_cause, plain
from loop.mistakes import MISTAKES, recognise

# The line of the learner's folder, and how the sentence begins.
MISTAKEN = {
    "semicolon": ("storage.cpp:17", "A semicolon is missing just before this place, often at the"),
    "semicolon_return": ("storage.cpp:21", "A semicolon is missing just before this place, often"),
    "undeclared": ("storage.cpp:39", "ofset_ is misspelt, or declared nowhere above, or in a"),
    "undeclared_plain": ("storage.cpp:19", "There is no such name here: declare it above, as in"),
    "member_outside": ("storage.cpp:100", "shape_ is seen only inside the functions of its class:"),
    "brace_missing": ("storage.cpp:25", "The function above this line does not end: one of its"),
    "brace_end": ("storage.cpp:106", "A '{' is never closed: a loop, a function or the namespace"),
    "brace_extra": ("storage.cpp:26", "Above this line stands one '}' too many: it ends the"),
    "no_member": ("storage.cpp:101", "Its name is strides, if that is what you mean; its header"),
    "no_member_plain": ("storage.cpp:101", "Its header lists the members that there are."),
    "private": ("storage.cpp:104", "Only the functions of its class see offset_. Others ask the"),
    "const_write": ("storage.cpp:104", "This Storage is const: data() and at() read it, and"),
    "readonly_location": ("storage.cpp:104", "data() is for reading: write() gives a pointer for"),
    "readonly_member": ("storage.cpp:39", "A function with const behind its parameters changes no"),
    "readonly_var": ("storage.cpp:19", "It is const here. In a lambda with [=] all is: write [&]."),
    "shape_assign_nonconst": ("storage.cpp:16", "A Shape never changes: copy its sizes"),
    "view_args": ("storage.cpp:104", "view takes three: x.view(Shape(sizes), strides, offset)."),
    "at_args": ("storage.cpp:104", "at takes one list with an index for each axis: x.at({i, j})."),
    "free_args": ("storage.cpp:104", "Number and types of the arguments are not what the header"),
    "free_few_args": ("storage.cpp:104", "Number and types of the arguments are not what the"),
    "vector_as_shape": ("storage.cpp:104", "A list becomes a Shape only where you say so: write"),
    "vector_as_shape_free": ("storage.cpp:101", "A list becomes a Shape only where you say so:"),
    "shape_from_list_explicit": ("storage.cpp:104", "A list becomes a Shape only where you say"),
    "shape_is_vector": ("storage.cpp:100", "The list behind a Shape is shape.sizes()."),
    "swap_shape": ("storage.cpp:102", "std::swap(a, b) swaps two variables, such as sizes[0] and"),
    "return_wrong": ("storage.cpp:21", "This is of another type than what is wanted here: see"),
    "return_index_as_float": ("storage.cpp:41", "This is the whole buffer: one element of it is"),
    "return_shape": ("storage.cpp:104", "Storage(shape) makes zeros of that shape, x.view(shape,"),
    "storage_empty": ("storage.cpp:104", "There is no Storage without a shape: Storage"),
    "plus_storage": ("storage.cpp:104", "Storages have no operators: elements are reached by"),
    "subscript_storage": ("storage.cpp:104", "x.at({i, j}) is an element of a Storage,"),
    "subscript_shared_ptr": ("storage.cpp:41", "buffer_ points at its vector: buffer_->size()"),
    "arrow_on_object": ("storage.cpp:101", "It is no pointer: write a dot for ->."),
    "dot_on_pointer": ("storage.cpp:47", "It is a pointer: write -> for the dot."),
    "forgot_call": ("storage.cpp:101", "A function is called with round brackets: x.shape(),"),
    "lambda": ("naive.hpp:17", "A lambda with [] sees nothing around it: write [&]."),
    "lambda_copy": ("naive.hpp:17", "It is const here. In a lambda with [=] all is: write [&]."),
    "lambda_at": ("naive.hpp:17", "at holds a distance for each array: at[0] for the first, at[1]"),
    "lambda_params": ("walk.hpp:21", "walk calls your function with one argument: [&](const auto&"),
    "walk_no_n": ("naive.hpp:16", "walk<N> takes a shape, N lists of strides in one pair of"),
    "return_none": ("storage.cpp:23", "Every way through this function must end in return and a"),
    "return_some": ("storage.cpp:23", "Every way through this function must end in return and a"),
    "return_void_value": ("naive_matmul.cpp:14", "This function gives nothing back: it writes"),
    "return_no_value": ("storage.cpp:21", "Every way through this function must end in return and"),
    "redeclare": ("storage.cpp:16", "This name is taken in the same block or by a parameter:"),
    "redefine": ("storage.cpp:91", "It is written twice: delete one of the two."),
    "no_fmt": ("naive_matmul.cpp:11", "absl is known only where its header is included; or it is"),
    "op_namespace": ("naive_matmul.cpp:11", "In stage 1 op is a parameter, op.add(a, b); from"),
    "no_std": ("storage.cpp:100", "Its full name is std::vector."),
    "no_std_swap": ("storage.cpp:103", "Its full name is std::swap."),
    "no_include": ("storage.cpp:16", "Write #include <iostream> at the top of the file."),
    "no_include2": ("storage.cpp:16", "The header that has it is not included, such as <numeric>"),
    "def_mismatch": ("storage.cpp:37", "The header declares it in another way: name, parameters,"),
    "def_mismatch_free": ("storage.cpp:13", "The header declares it in another way: name,"),
    "ambiguous": ("storage.cpp:16", "Several functions fit equally well: say which type you mean,"),
    "max_types": ("storage.cpp:16", "std::max compares two numbers of one type: put one into"),
    "range_int": ("storage.cpp:17", "A number is no list to go through: for (int axis = 0; axis <"),
    "power": ("storage.cpp:19", "C++ has no ** for powers, and * before a number means nothing:"),
    "data_pointer": ("storage.cpp:104", "data() is for reading: write() gives a pointer for"),
    "backend_index": ("op.hpp:89", "A Backend is no number: static_cast<std::size_t>(backend)"),
    "function_instead": ("batched_matmul.cpp:28", "Round brackets made a function of it"),
    "comma_subscript": ("naive.hpp:16", "The numbers lie in one flat buffer: row m,"),
    "double_subscript": ("naive_matmul.cpp:14", "The numbers lie in one flat buffer: row m,"),
    "pointer_times": ("naive_matmul.cpp:14", "This is the pointer: an element is a[...]."),
    "round_brackets": ("naive_matmul.cpp:14", "The numbers lie in one flat buffer: row m, column"),
    "stray": ("storage.cpp:17", "A sign copied from a text is not the one C++ knows: type the"),
    "paren": ("storage.cpp:17", "A round bracket that was opened is not closed before this."),
    "paren2": ("storage.cpp:18", "A round bracket that was opened is not closed before this."),
    "primary": ("storage.cpp:19", "Something is missing just before this place, or one sign too"),
    "else_without_if": ("storage.cpp:19", "This else belongs to no if: the if's branch needs { }"),
    "fmt_unformattable": ("storage.cpp:79", "fmt knows numbers and texts: write x.shape().text()"),
    "fmt_count": ("storage.cpp:79", "The format has more {} than values after it."),
    "bind_const": ("storage.cpp:101", "This one is const, for reading: take const ...&, or make a"),
    "nonconst_rvalue": ("storage.cpp:101", "A result that nobody holds cannot be changed: leave"),
    "strides_minus": ("storage.cpp:74", "A Shape is no number: shape[axis] is a size,"),
    "header_class_semicolon": ("storage.hpp:68", "What stands before this does not end: a class"),
    "header_brace": ("storage.hpp:76", "A class ends with '};': its semicolon is missing, or a"),
    "shape_of_vector_push": ("storage.cpp:101", "This list is for reading: copy it first, as in"),
    "shape_push": ("storage.cpp:16", "A Shape never changes: copy its sizes"),
    "storage_size": ("storage.cpp:101", "x.shape().count() is the number of elements,"),
    "not_bool": ("storage.cpp:104", "This is no condition: compare it."),
    "s4_walk_lambda": ("reduce.cpp:37", "walk calls your function with one argument: [&](const"),
    "s4_optional": ("views.cpp:64", "A std::optional is opened by a star: *strides."),
    "s4_fold_combine": ("reduce.cpp:38", "This lambda is called with other arguments than it"),
    "s4_nullopt": ("views.cpp:75", "Nothing at all is std::nullopt."),
    "s4_ternary": ("reduce.cpp:39", "Both sides of ?: must be of one type."),
    "s2_array_div": ("rows.cpp:9", "Arrays have no operators: write op.add(a, b) in stage 1,"),
    "s2_op_prefix": ("rows.cpp:9", "What stands before the dot is no object. op is a namespace"),
    "s2_value": ("rows.cpp:9", "The operations take Arrays, and a number becomes one by"),
    "s2_template": ("op.hpp:110", "A kernel takes its operands one by one: std::apply(kernel,"),
    "s2_template_pack": ("op.hpp:104", "args stands for many: write args... for all."),
    "s2_shape_eq": ("shape_rules.cpp:61", "A list becomes a Shape only where you say so: write"),
    "s2_throw": ("shape_rules.cpp:58", "An error takes one text: throw"),
    "s2_throw_concat": ("shape_rules.cpp:58", 'Texts are put together by fmt::format("{}: {}",'),
    "s2_copy_row": ("rows.cpp:7", "A row of the op table is not copied: refer to it, const auto&"),
    "s1_assign2": ("training.cpp:35", "data() and grad() are for reading: set_data(...) and"),
    "s1_plus": ("training.cpp:35", "Arrays have no operators: write op.add(a, b) in stage 1,"),
    "s1_plus_tensor": ("training.cpp:35", "A Tensor is no Array: tensor.data() is the one with"),
    "s1_at_map": ("training.cpp:55", "parameters[name] would make a tensor out of nothing: write"),
    "s1_value": ("training.cpp:58", "The numbers of an Array x are in x.host().values, and the"),
    "s1_bool": ("training.cpp:31", "Whether an Array holds data is asked by if (array)."),
    "s1_hidden_name": ("tensor.cpp:24", "A parameter called data or grad hides the function of"),
    "comment": ("storage.cpp:16", "A comment that begins with /* ends with */."),
    "quote": ("storage.cpp:80", "A text begins or ends here without its quotation mark."),
    "no_return_type": ("storage.cpp:90", "What first gives back must stand before it: Storage"),
    "if_assign_brace": ("storage.cpp:59", "for, if and while take round brackets: if (...) { ..."),
    "int_member": ("storage.cpp:19", "A plain number has no members."),
    "auto_none": ("storage.cpp:16", "auto takes its type from the value: write auto behind = ...;"),
    "s4_expand_args": ("reduce.cpp:35", "expand is a function beside the class: expand(x, ...)."),
    "s2_rank": ("rows.cpp:8", "An Array has shape(), backend() and host(), which copies its"),
}


class Mistakes(Case):
    def test_names_the_line_and_says_what_to_do(self) -> None:
        for name, (place, sentence) in MISTAKEN.items():
            with self.subTest(name):
                lines = self.explained(name)
                self.assertTrue(lines[0].startswith(f"work/{OUTPUTS[name].stage}/{place}: error: "),
                                lines[0])
                self.assertRegex(lines[1], rf"^ +{place.split(':')[1]} \| ")
                self.assertIn("^", lines[2])
                self.assertTrue(lines[3].startswith(sentence), lines[3])

    def test_every_pattern_comes_from_a_recorded_output(self) -> None:
        spoken = set()
        for name, output in OUTPUTS.items():
            errors = find_errors(plain(self.here(name)))
            if errors:
                error = first_cause(errors, self.folder(output.stage))
                spoken.add(recognise(f"{error.message}\n{error.rest}"))
        self.assertEqual([row.pattern for row in MISTAKES if row not in spoken], [])

    def test_sentences_have_their_names_filled_in(self) -> None:
        for name in OUTPUTS:
            self.assertNotRegex("\n".join(self.explained(name)), r"\{(name|other|header)\}")

    def test_an_unknown_error_is_shown_as_it_is(self) -> None:
        text = "/x/work/stage_03_storage/storage.cpp:4:2: error: a new sort of error\n    4 | int;"
        self.assertEqual(explain_build(text, self.folder()).splitlines(),
                         ["work/stage_03_storage/storage.cpp:4: error: a new sort of error",
                          "    4 | int;"])


if __name__ == "__main__":
    unittest.main()
