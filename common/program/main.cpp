#include "program/program.hpp"

int main(int argc, char** argv) { return nt::run(nt::program(), argc, argv); }
