"""Reports of Catch2 2.13.10 (--reporter xml) as it wrote them, but for
cases left out and long lines broken."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Catch name="stage_04_broadcast_checks">
  <Group name="stage_04_broadcast_checks">
"""

TAIL = """    <OverallResults successes="40" failures="2" expectedFailures="0"/>
    <OverallResultsCases successes="2" failures="2" expectedFailures="0"/>
  </Group>
  <OverallResults successes="40" failures="2" expectedFailures="0"/>
  <OverallResultsCases successes="2" failures="2" expectedFailures="0"/>
</Catch>"""

PASSES = """    <TestCase name="slice copies nothing" tags="[4.2][stage_04]"
        filename="/c/checks.cpp" line="92">
      <OverallResult success="true"/>
    </TestCase>
"""

# CHECK_THAT(..., close_to(...)) below two CAPTUREs; the case prints on both streams.
DIAGNOSED = """    <TestCase name="sum and &quot;max&quot; \\ a &lt; b" tags="[4.1][4.4][stage_04]"
        filename="/c/kernel_checks.cpp" line="36">
      <Info>
        shape := (2, 3)
      </Info>
      <Info>
        keepdim := true
      </Info>
      <Expression success="false" type="CHECK_THAT" filename="/c/kernel_checks.cpp" line="62">
        <Original>
          host(naive::sum(counted(shape), axes, keepdim)), close_to(sum, 0)
        </Original>
        <Expanded>
          (3) {5, 7, 9} is within 0 of the expected
likely mistake: the values are right, row by row: only the shape is wrong
shapes differ: actual (3), expected (1, 3)
        </Expanded>
      </Expression>
      <Info>
        shape := (2, 3)
      </Info>
      <Expression success="false" type="CHECK" filename="/c/kernel_checks.cpp" line="63">
        <Original>
          1 == 2
        </Original>
        <Expanded>
          1 == 2
        </Expanded>
      </Expression>
      <OverallResult success="false">
        <StdOut>
looked at 7
        </StdOut>
        <StdErr>
and here
        </StdErr>
      </OverallResult>
    </TestCase>
"""

THROWS_OUTSIDE = """    <TestCase name="throws outside" tags="[4.2]"
        filename="/c/checks.cpp" line="13">
      <Exception filename="/c/checks.cpp" line="13">
        exercise 4.2 is not written yet: offset
      </Exception>
      <OverallResult success="false"/>
    </TestCase>
"""

THROWS_INSIDE = """    <TestCase name="throws inside" tags="[4.2]"
        filename="/c/checks.cpp" line="14">
      <Info>
        case 4
      </Info>
      <Expression success="false" type="REQUIRE" filename="/c/checks.cpp" line="14">
        <Original>
          shape(
              4) == 1
        </Original>
        <Expanded>
          shape(
              4) == 1
        </Expanded>
        <Exception filename="/c/checks.cpp" line="14">
          exercise 4.2 is not written yet: offset
        </Exception>
      </Expression>
      <OverallResult success="false"/>
    </TestCase>
"""

SECTIONS = """    <TestCase name="sections" tags="[4.2]" filename="/c/checks.cpp" line="4">
      <Section name="a" filename="/c/checks.cpp" line="4">
        <Info>
          axes 0
        </Info>
        <Info>
          in a
        </Info>
        <Exception filename="/c/checks.cpp" line="5">
          vector::_M_range_check
        </Exception>
        <OverallResults successes="0" failures="1" expectedFailures="0"/>
      </Section>
      <Section name="b" filename="/c/checks.cpp" line="6">
        <Info>
          axes 0
        </Info>
        <Failure filename="/c/checks.cpp" line="7">
          no
        </Failure>
        <Expression success="false" type="CHECK" filename="/c/checks.cpp" line="8">
          <Original>
            1==3
          </Original>
          <Expanded>
            1 == 3
          </Expanded>
        </Expression>
        <OverallResults successes="0" failures="2" expectedFailures="0"/>
      </Section>
      <OverallResult success="false"/>
    </TestCase>
"""

CRASHES = """    <TestCase name="crashes" tags="[4.4]" filename="/c/checks.cpp" line="18">
      <Expression success="false" filename="/c/checks.cpp" line="18">
        <Original>
          {Unknown expression after the reported line}
        </Original>
        <Expanded>
          {Unknown expression after the reported line}
        </Expanded>
        <FatalErrorCondition filename="/c/checks.cpp" line="18">
          SIGSEGV - Segmentation violation signal
        </FatalErrorCondition>
      </Expression>
      <OverallResult success="false"/>
    </TestCase>
"""

ABORTS = """    <TestCase name="aborts" tags="[4.5]" filename="/c/checks.cpp" line="20">
      <Info>
        deep
      </Info>
      <FatalErrorCondition filename="/c/checks.cpp" line="20">
        SIGABRT - Abort (abnormal termination) signal
      </FatalErrorCondition>
      <OverallResult success="false"/>
    </TestCase>
"""

def report(*cases: str) -> bytes:
    """A whole report with these cases."""
    return (HEAD + "".join(cases) + TAIL).encode()
