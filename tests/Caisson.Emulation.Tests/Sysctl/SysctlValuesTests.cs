using System.Text;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Sources;
using Caisson.Emulation.Sysctl;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;

namespace Caisson.Emulation.Tests.Sysctl;

public sealed class SysctlValuesTests : IDisposable
{
    readonly TestHost _host = TestHost.Version2();
    readonly ValueStore _store = TestContainer.Values();
    readonly SysctlValues _values;

    public SysctlValuesTests() => _values = new SysctlValues(_store, new HostFiles(_host.PathOf("proc"), _host.PathOf("sys")));

    [Fact]
    public void A_value_is_the_rows_then_the_one_written()
    {
        Assert.Equal("60", Read("vm/swappiness"));
        Assert.Equal(Errno.None, Write("vm/swappiness", "10\n"));
        Assert.Equal(Errno.EINVAL, Write("vm/swappiness", "201\n"));
        Assert.Equal("10", Read("vm/swappiness"));
    }

    [Fact]
    public void The_hosts_value_is_shown_until_one_is_written_and_is_left_alone()
    {
        _host.Write("proc/sys/vm/max_map_count", "65530\n");
        Assert.Equal("65530", Read("vm/max_map_count"));
        Assert.Equal(Errno.None, Write("vm/max_map_count", "262144\n"));

        Assert.Equal("262144", Read("vm/max_map_count"));
        Assert.Equal("65530\n", File.ReadAllText(_host.PathOf("proc/sys/vm/max_map_count")));
    }

    [Fact]
    public void What_the_host_does_not_have_is_0() => Assert.Equal("0", Read("vm/max_map_count"));

    [Fact]
    public void One_way_of_saying_it_clears_the_other()
    {
        Assert.Equal(Errno.None, Write("vm/dirty_bytes", "1048576"));
        Assert.Equal("0", Read("vm/dirty_ratio"));
        Assert.Equal(Errno.None, Write("vm/dirty_ratio", "30"));
        Assert.Equal("0", Read("vm/dirty_bytes"));
        Assert.Equal(Errno.EINVAL, Write("vm/dirty_bytes", "8191"));
        Assert.Equal("30", Read("vm/dirty_ratio"));
    }

    [Fact]
    public void A_final_value_stays()
    {
        Assert.Equal(Errno.None, Write("kernel/yama/ptrace_scope", "3"));
        Assert.Equal(Errno.EINVAL, Write("kernel/yama/ptrace_scope", "1"));
        Assert.Equal(Errno.None, Write("kernel/yama/ptrace_scope", "3"));
        Assert.Equal(Errno.None, Write("kernel/modules_disabled", "1"));
        Assert.Equal(Errno.EINVAL, Write("kernel/modules_disabled", "0"));
        Assert.Equal(Errno.None, Write("kernel/unprivileged_bpf_disabled", "1"));
        Assert.Equal(Errno.EPERM, Write("kernel/unprivileged_bpf_disabled", "0"));
    }

    [Fact]
    public void A_request_is_checked_and_forgotten()
    {
        Assert.Equal(Errno.EINVAL, Write("vm/drop_caches", "5"));
        Assert.Equal(Errno.None, Write("vm/drop_caches", "3"));
        Assert.False(_store.TryRead("vm/drop_caches", out _));
    }

    [Fact]
    public void A_text_may_be_empty_and_goes_on_at_an_offset()
    {
        Assert.Equal(Errno.None, Write("kernel/core_pattern", "core"));
        Assert.Equal(Errno.None, Write("kernel/core_pattern", ".%p\n", 4));
        Assert.Equal("core.%p", Read("kernel/core_pattern"));
        Assert.Equal(Errno.None, Write("kernel/core_pattern", "\n"));
        Assert.Equal("", Read("kernel/core_pattern"));
        Assert.Equal(Errno.None, Write("kernel/core_pattern", new string('x', 1000)));
        Assert.Equal(new string('x', 127), Read("kernel/core_pattern"));
    }

    [Fact]
    public void A_list_that_fails_in_the_middle_keeps_what_came_before()
    {
        Assert.Equal(Errno.EINVAL, Write("kernel/printk", "3 x"));
        Assert.Equal("3\t4\t1\t7", Read("kernel/printk"));
    }

    [Fact]
    public void A_choice_is_one_of_the_hosts_words()
    {
        _host.Write("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
        HostFiles files = new(_host.PathOf("proc"), _host.PathOf("sys"));
        ChoiceFile file = new("/sys/kernel/mm/transparent_hugepage/enabled", _store, files);

        Assert.Equal("[always] madvise never\n", Text(file));
        Assert.Equal(Errno.None, file.Write(default, 0, "never\n"u8));
        Assert.Equal("always madvise [never]\n", Text(file));
        Assert.Equal(Errno.EINVAL, file.Write(default, 0, "[never]\n"u8));
        Assert.Equal(Errno.EINVAL, file.Write(default, 0, "\n"u8));
        Assert.Equal(Errno.EINVAL, file.Write(default, 0, "sometimes"u8));
        Assert.Equal("[always] madvise never\n", File.ReadAllText(_host.PathOf("sys/kernel/mm/transparent_hugepage/enabled")));
    }

    public void Dispose() => _host.Dispose();

    string Read(string name) => Encoding.UTF8.GetString(_values.Read(Row(name)));

    Errno Write(string name, string text, long offset = 0) => _values.Write(Row(name), offset, Encoding.UTF8.GetBytes(text));

    static SysctlRow Row(string name) => SysctlTable.Rows.Single(row => row.Name == name);

    static string Text(ChoiceFile file)
    {
        ContentBuffer content = new();
        Assert.Equal(Errno.None, file.Read(default, content));
        return Encoding.UTF8.GetString(content.Bytes);
    }
}
