using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Memory;
using Caisson.Kernel.Mounts;
using CsCheck;

namespace Caisson.Emulation.Tests;

public sealed class EmulatedTreeTests
{
    static readonly Caller Outside = new(Environment.ProcessId, 0, 0);

    [Fact]
    public void Names_are_paths_with_exclamation_marks()
    {
        string[] names = [.. Tree().Files.Select(file => file.Name)];

        Assert.Contains("proc!uptime", names);
        Assert.Contains("proc!sys!vm!overcommit_memory", names);
        Assert.Contains("sys!devices!system!cpu!online", names);
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(LeafTable.Leaves, leaf => Assert.DoesNotContain('!', leaf.Path));
    }

    // One would hide the other, and what is careful refuses to cross a directory of another file system.
    [Fact]
    public void Only_leaves_are_covered() => Assert.All(LeafTable.Leaves, leaf =>
    {
        Assert.Matches("^(/proc/.|/sys/.|/dev/kmsg$)", leaf.Path);
        Assert.DoesNotContain(LeafTable.Leaves, other => other.Path.StartsWith(leaf.Path + "/", StringComparison.Ordinal));
        Assert.False(Directory.Exists(leaf.Path));
    });

    [Fact]
    public void Every_file_can_be_read_by_a_process_outside_of_the_container()
    {
        InsideProcess.NeedsRoot("it enters the reader's UTS namespace");
        foreach (FuseFile file in Tree().Files)
        {
            if (file.Content is IReadable readable)
            {
                ContentBuffer content = new();
                Assert.Equal((file.Name, Errno.None), (file.Name, readable.Read(Outside, content)));
            }
        }
    }

    [Fact]
    public void What_may_be_read_and_written_says_the_mode()
    {
        foreach (FuseFile file in Tree().Files)
        {
            Assert.Equal((file.Name, (file.Mode & 0x124) != 0), (file.Name, file.Content is IReadable));
            Assert.Equal((file.Name, (file.Mode & 0x92) != 0), (file.Name, file.Content is IWritable));
        }
    }

    [Fact]
    public void A_written_value_is_there_for_the_next_worker()
    {
        SharedMemory memory = TestContainer.Memory();
        FuseFile file = Find(Tree(memory), "proc!sys!vm!overcommit_memory");
        Assert.Equal(Errno.None, ((IWritable)file.Content).Write(Outside, 0, "1\n"u8));
        Assert.Equal(Errno.EINVAL, ((IWritable)file.Content).Write(Outside, 0, "3\n"u8));

        Assert.Equal("1\n", Read(Find(Tree(memory), "proc!sys!vm!overcommit_memory")));
        Assert.Equal("0\n", Read(Find(Tree(), "proc!sys!vm!overcommit_memory")));
    }

    [Fact]
    public void The_boot_id_changes_with_each_start_and_the_product_uuid_does_not()
    {
        ContainerView view = TestContainer.View([]);
        EmulatedTree first = new(view, TestContainer.Values(), _ => { });
        EmulatedTree second = new(view with { StartedAt = view.StartedAt + 1 }, TestContainer.Values(), _ => { });
        EmulatedTree other = new(view with { Id = "other" }, TestContainer.Values(), _ => { });

        const string boot = "proc!sys!kernel!random!boot_id";
        const string product = "sys!devices!virtual!dmi!id!product_uuid";
        Assert.NotEqual(Read(Find(first, boot)), Read(Find(second, boot)));
        Assert.Equal(Read(Find(first, product)), Read(Find(second, product)));
        Assert.NotEqual(Read(Find(first, product)), Read(Find(other, product)));
        Assert.NotEqual(File.ReadAllText("/proc/sys/kernel/random/boot_id"), Read(Find(first, boot)));
    }

    [Fact]
    public void Nothing_of_the_hosts_command_line_is_told() => Assert.Equal("\n", Read(Find(Tree(), "proc!cmdline")));

    // As root, who could: names are written in the writer's UTS namespace, which here is the host's.
    [Fact]
    public void Nothing_that_is_written_reaches_the_host()
    {
        string[] paths = [.. LeafTable.Leaves.Where(leaf => leaf.Kind != LeafKind.View && !leaf.Path.StartsWith("/dev/", StringComparison.Ordinal) && File.Exists(leaf.Path)).Select(leaf => leaf.Path)];
        Dictionary<string, string> before = paths.ToDictionary(path => path, HostText);
        Assert.True(paths.Length > 50);

        EmulatedTree tree = Tree();
        Gen<byte[]> written = Gen.OneOf(
            Gen.Int[-1, 70000].Select(number => Encoding.ASCII.GetBytes($"{number}\n")), Gen.OneOf(Gen.Const("never"), Gen.Const("on"), Gen.Const("x")).Select(Encoding.ASCII.GetBytes));
        written.Array[20].Sample(values =>
        {
            foreach (FuseFile file in tree.Files)
            {
                foreach (byte[] value in values)
                {
                    (file.Content as IWritable)?.Write(Outside, 0, value);
                }
            }
        }, iter: 10, threads: 1);

        Assert.All(paths, path => Assert.Equal((path, before[path]), (path, HostText(path))));
    }

    [Theory]
    [InlineData(100000, 0x1A4, true)]
    [InlineData(100000, 0x180, true)]
    [InlineData(100000, 0x124, false)]
    [InlineData(0, 0x1A4, false)]
    public void The_kernels_own_file_stays_where_the_containers_root_may_write_it(uint owner, uint mode, bool isNamespaced) =>
        Assert.Equal(isNamespaced, FlatTree.IsNamespaced(owner, mode));

    [Fact]
    public void The_facts_are_those_of_this_machine_where_nothing_is_limited()
    {
        SystemFacts facts = Tree().FactsFor(Environment.ProcessId);

        Assert.InRange(facts.Uptime, 100, 200);
        Assert.True(facts.FreeRam > 0 && facts.FreeRam < facts.TotalRam);
        Assert.True(facts.Processes > 0);
    }

    // Descriptors are shared, and opened by whoever comes first.
    [Fact]
    public void Files_and_facts_may_be_asked_for_at_the_same_time()
    {
        for (int round = 0; round < 20; round++)
        {
            EmulatedTree tree = Tree();
            IReadable memory = (IReadable)Find(tree, "proc!meminfo").Content;
            long total = 0;
            Thread other = new(() =>
            {
                for (int i = 0; i < 50; i++)
                {
                    total = tree.FactsFor(Environment.ProcessId).TotalRam;
                }
            });
            other.Start();
            ContentBuffer content = new();
            for (int i = 0; i < 50; i++)
            {
                content.Clear();
                memory.Read(Outside, content);
            }

            other.Join();
            Assert.StartsWith("MemTotal:", Encoding.ASCII.GetString(content.Bytes));
            Assert.Equal(total, Meminfo.BytesOf(content.Bytes, "MemTotal"u8));
        }
    }

    static EmulatedTree Tree(SharedMemory? memory = null) =>
        new(TestContainer.View([]), new ValueStore(memory ?? TestContainer.Memory(), 0), _ => { });

    static FuseFile Find(EmulatedTree tree, string name) => tree.Files.Single(file => file.Name == name);

    static string Read(FuseFile file)
    {
        ContentBuffer content = new();
        Assert.Equal(Errno.None, ((IReadable)file.Content).Read(Outside, content));
        return Encoding.UTF8.GetString(content.Bytes);
    }

    static string HostText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
