using Caisson.Containers.Init;
using Caisson.Kernel.Namespaces;
using Caisson.Kernel.Seccomp;
using Caisson.Kernel.Spawning;
using Caisson.Oci;
using Caisson.Tests;

namespace Caisson.Containers.Tests.Init;

public sealed class InitPlannerTests
{
    static readonly ProcessSpec Process = new()
    {
        Args = ["sh", "-c", "true"],
        Cwd = "/work",
        Env = ["PATH=/bin:/usr/bin"],
        User = new User { Uid = 1000, Gid = 1000, AdditionalGids = [5, 6] },
        Capabilities = new LinuxCapabilities { Bounding = ["CAP_KILL"], Permitted = ["CAP_KILL"], Effective = ["CAP_KILL"] },
    };

    static readonly InitSettings Settings = new()
    {
        ParentSocket = 10,
        ChildSocket = 11,
        HasUserNamespace = true,
        CopiesMountNamespace = true,
        Unshared = NamespaceKind.CLONE_NEWNET | NamespaceKind.CLONE_NEWIPC,
        CgroupTasks = [20, 21],
        Hostname = "box",
        StartListener = 12,
        Keyring = "_ses.c1",
        Seccomp = new SeccompFilter(new byte[16], 0),
        IgnoredSignals = [13],
    };

    [Fact]
    public void The_story_of_a_system_containers_first_process() => Golden.AssertEqual(
        "plans/init.system.txt", WithoutBounding(InitPlanner.PlanCreate(Process, Settings).Program));

    [Fact]
    public void The_story_of_a_process_that_enters() => Golden.AssertEqual(
        "plans/init.exec.txt",
        WithoutBounding(InitPlanner.PlanExec(Process, Settings with
        {
            StartListener = -1,
            ConsoleSlave = 9,
            Joined = [(7, NamespaceKind.CLONE_NEWNS | NamespaceKind.CLONE_NEWNET), (7, NamespaceKind.CLONE_NEWUSER)],
        }).Program));

    [Fact]
    public void Without_no_new_privs_seccomp_is_loaded_before_the_capabilities_go()
    {
        IReadOnlyList<InitStep> steps = InitPlanner.PlanCreate(Process, Settings).Program.Steps;
        Assert.True(IndexOf(steps, "seccomp") < IndexOf(steps, "capset"));
    }

    [Fact]
    public void With_no_new_privs_seccomp_is_loaded_after_everything_it_might_forbid()
    {
        IReadOnlyList<InitStep> steps = InitPlanner.PlanCreate(Process with { NoNewPrivileges = true }, Settings).Program.Steps;
        Assert.True(IndexOf(steps, "seccomp") > IndexOf(steps, "capset"));
    }

    [Fact]
    public void Failures_after_start_are_reported_to_the_one_who_started() => Assert.Equal(
        "accept4",
        InitPlanner.PlanCreate(Process, Settings).Program is { } program ? program.Steps[program.ReportTo].Call : "");

    [Fact]
    public void Every_capability_that_is_not_in_the_bounding_set_is_dropped() => Assert.Equal(
        63, InitPlanner.PlanCreate(Process, Settings).Program.Steps.Count(step => step.Purpose == "drop from the bounding set"));

    [Fact]
    public void A_second_clone_comes_after_joining_and_says_where_its_pid_is()
    {
        InitPlan plan = InitPlanner.PlanCreate(
            Process,
            Settings with { Joined = [(5, NamespaceKind.CLONE_NEWUSER)], SecondClone = (ulong)NamespaceKind.CLONE_NEWPID });
        Assert.Equal("clone3", plan.Program.Steps[plan.SecondClone].Call);
        Assert.True(IndexOf(plan.Program.Steps, "setns") < plan.SecondClone);
    }

    [Fact]
    public void The_filter_of_the_view_is_loaded_while_its_listener_can_still_be_taken_out()
    {
        InitSettings settings = Settings with { ViewFilter = new SeccompFilter(new byte[8], SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER) };
        InitPlan create = InitPlanner.PlanCreate(Process, settings);
        InitPlan exec = InitPlanner.PlanExec(Process, settings with { StartListener = -1 });

        Assert.Equal("load the filter of the view", create.Program.Steps[create.Listener].Purpose);
        Assert.Equal("wait for start", create.Program.Steps[create.Listener + 2].Purpose);
        Assert.Equal("wait for the monitor", exec.Program.Steps[exec.Listener + 2].Purpose);
        Assert.Equal(-1, InitPlanner.PlanCreate(Process, Settings).Listener);
    }

    [Theory]
    [InlineData("/bin/sh", "/bin/sh")]
    [InlineData("./run", "./run")]
    [InlineData("sh", "/a/sh", "./sh", "/b/sh")]
    public void Programs_are_looked_for_as_execvp_does(string name, params string[] candidates) =>
        Assert.Equal(candidates, Executable.Candidates(name, ["PATH=/x", "PATH=/a::/b/"]));

    static int IndexOf(IReadOnlyList<InitStep> steps, string call) => steps.Select(step => step.Call).ToList().IndexOf(call);

    static string WithoutBounding(InitProgram program) =>
        string.Join('\n', program.Render().Split('\n').Where(line => !line.StartsWith("drop from the bounding set", StringComparison.Ordinal)));
}
