using Caisson.Containers.Levels;
using Caisson.Containers.Rootfs;
using Caisson.Oci;
using Caisson.Tests;

namespace Caisson.Containers.Tests.Rootfs;

public sealed class MountPlannerTests
{
    static readonly MountContext SystemContext = new("/bundle", HasUserNamespace: true, MapIds: true, Pristine: true);

    [Fact]
    public void Dockers_default_spec_as_a_plain_container() => Golden.AssertEqual(
        "plans/docker-28.plain.txt",
        MountPlanner.Plan(Docker(), new MountContext("/bundle", HasUserNamespace: false, MapIds: false, Pristine: false)).Render());

    [Fact]
    public void Dockers_default_spec_as_a_system_container() => Golden.AssertEqual(
        "plans/docker-28.system.txt",
        MountPlanner.Plan(SystemLevel.Plan(Docker(), joinsUserNamespace: false, bootTime: 1000), SystemContext).Render());

    [Fact]
    public void A_read_only_bind_is_locked_and_so_is_the_bind_it_lies_on()
    {
        MountPlan plan = Plan(Bind("/data", "rw"), Bind("/data/fixed", "ro"), Bind("/other", "rw"));
        Assert.Equal([true, true, false], plan.Mounts.Select(mount => mount.Locked));
    }

    [Fact]
    public void A_read_only_bind_on_another_file_system_is_not_locked_because_the_copy_would_not_hold_its_place()
    {
        MountPlan plan = Plan(
            new MountSpec { Destination = "/run", Type = "tmpfs", Source = "tmpfs" }, Bind("/run/fixed", "ro"));
        Assert.Equal([false, false], plan.Mounts.Select(mount => mount.Locked));
    }

    [Fact]
    public void Nothing_is_locked_without_a_user_namespace()
    {
        Spec spec = DefaultSpec.Create() with { Mounts = [Bind("/data", "ro")] };
        MountPlan plan = MountPlanner.Plan(spec, new MountContext("/bundle", false, false, false));
        Assert.False(plan.Mounts[0].Locked);
    }

    [Fact]
    public void A_dev_bound_from_the_host_gets_neither_nodes_nor_links()
    {
        MountPlan plan = Plan(Bind("/dev", "rw"));
        Assert.Empty(plan.Devices);
        Assert.Empty(plan.Links);
        Assert.Null(plan.PristineDirectory);
    }

    [Fact]
    public void A_device_of_the_spec_wins_over_the_default_one_of_its_path()
    {
        Spec spec = DefaultSpec.Create();
        LinuxDevice odd = new() { Path = "/dev/null", Type = "c", Major = 1, Minor = 3, FileMode = 0x180, Uid = 7, Gid = 8 };
        MountPlan plan = MountPlanner.Plan(spec with { Linux = spec.Linux! with { Devices = [odd] } }, SystemContext);
        Assert.Equal((0x180u, 7u, 8u), plan.Devices.Where(device => device.Path == "/dev/null").Select(device => (device.Mode, device.Uid, device.Gid)).Single());
    }

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/", true)]
    [InlineData("/a", "/a/b", false)]
    public void A_path_is_below_a_directory_by_whole_components(string path, string directory, bool below) =>
        Assert.Equal(below, MountPlanner.IsBelow(path, directory));

    [Theory]
    [InlineData("a/../../b", "/b")]
    [InlineData("/a//b/.", "/a/b")]
    [InlineData("", "/")]
    public void Destinations_are_made_absolute_and_never_leave_the_root(string given, string clean) =>
        Assert.Equal(clean, MountPlanner.Clean(given));

    static Spec Docker() => OciJson.ParseSpec(Golden.Read("oci/docker-28.json"));

    static MountPlan Plan(params MountSpec[] mounts) =>
        MountPlanner.Plan(DefaultSpec.Create() with { Mounts = mounts }, SystemContext);

    static MountSpec Bind(string destination, string access) =>
        new() { Destination = destination, Type = "bind", Source = "/src", Options = ["rbind", access] };
}
