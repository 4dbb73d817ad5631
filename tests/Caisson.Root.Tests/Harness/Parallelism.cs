// The tests look for what they left on the machine, which another test's containers would be.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
