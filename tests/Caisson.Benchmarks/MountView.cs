using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Caisson.Benchmarks;

/// <summary>
/// A thread with a mount namespace of its own, in which one file looks empty. crun refuses cgroups v1 beside a v2 hierarchy that it
/// takes for the one in use; it looks whether that one's list of controllers is empty.
/// </summary>
sealed partial class MountView : IDisposable
{
    const int NewMountNamespace = 0x20000;
    const ulong Bind = 0x1000;
    const ulong PrivateBelow = 0x40000 | 0x4000;

    readonly BlockingCollection<Action> _actions = [];
    readonly Thread _thread;

    public MountView(string emptied, string empty)
    {
        File.WriteAllText(empty, "");
        _thread = new Thread(Work) { Name = "mount view" };
        _thread.Start();
        Run(() =>
        {
            Check(unshare(NewMountNamespace), "unshare");
            Check(mount("none", "/", null, PrivateBelow, 0), "mount --make-rprivate /");
            Check(mount(empty, emptied, null, Bind, 0), $"mount --bind {empty} {emptied}");
            return 0;
        });
    }

    /// <summary>Does something on the thread; programs that are started there are in its mount namespace.</summary>
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

    static void Check(int result, string what)
    {
        if (result != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int unshare(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(string source, string target, string? type, ulong flags, nint data);
}
