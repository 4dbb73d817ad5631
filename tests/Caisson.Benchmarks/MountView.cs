using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Caisson.Benchmarks;

/// <summary>A thread with a mount namespace of its own; programs that are started there are in it, too.</summary>
sealed partial class MountView : IDisposable
{
    const int NewMountNamespace = 0x20000;
    const ulong Bind = 0x1000;
    const ulong PrivateBelow = 0x40000 | 0x4000;

    readonly BlockingCollection<Action> _actions = [];
    readonly Thread _thread;

    public MountView()
    {
        _thread = new Thread(Work) { Name = "mount view", IsBackground = true };
        _thread.Start();
        Run(() =>
        {
            Check(unshare(NewMountNamespace), "unshare");
            Check(mount("none", "/", null, PrivateBelow, 0), "mount --make-rprivate /");
            return 0;
        });
    }

    /// <summary>Puts a file or directory in place of another one.</summary>
    public void Cover(string covered, string by) => Run(() => Check(mount(by, covered, null, Bind, 0), $"mount --bind {by} {covered}"));

    /// <summary>Does something on the thread.</summary>
    public T Run<T>(Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        using ManualResetEventSlim done = new();
        _actions.Add(() =>
        {
#pragma warning disable CA1031 // It is thrown again where it belongs.
            try
            {
                result = action();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
#pragma warning restore CA1031
            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result!;
    }

    public void Dispose()
    {
        _actions.CompleteAdding();
        _thread.Join();
        _actions.Dispose();
    }

    void Work()
    {
        foreach (Action action in _actions.GetConsumingEnumerable())
        {
            action();
        }
    }

    static int Check(int result, string what)
    {
        if (result != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, nint data);
}
