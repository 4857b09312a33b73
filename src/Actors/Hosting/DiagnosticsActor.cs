using Akka.Actor;
using Akka.Event;

namespace Etl.Actors.Hosting;

/// <summary>
/// Carries what Akka has to say (warnings and errors) out to the observer. Akka's own logger writes to stdout, and stdout is for data.
/// </summary>
public sealed class DiagnosticsActor(IRunObserver observer) : UntypedActor
{
    /// <summary>Recipe.</summary>
    public static Props Props(IRunObserver observer) => Akka.Actor.Props.Create(() => new DiagnosticsActor(observer));

    /// <inheritdoc />
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(Error));
        Context.System.EventStream.Subscribe(Self, typeof(Warning));
    }

    /// <inheritdoc />
    protected override void OnReceive(object message)
    {
        if (message is not LogEvent logged)
        {
            Unhandled(message);
            return;
        }

        // A mapper's crash is told by its job, with its batch and row.
        if (logged is Error && logged.LogSource.Contains("/user/etl/mappers/", StringComparison.Ordinal)) return;

        // A stack trace is for developers, who can have it by --set akka.loglevel=DEBUG; a person needs what failed, where and why.
        var cause = logged.Cause is null ? "" : Context.System.Settings.LogLevel == "DEBUG"
            ? $": {logged.Cause}"
            : $": {logged.Cause.GetType().Name}: {logged.Cause.Message}";
        var text = logged.Cause is not null && cause.EndsWith(logged.Message.ToString() ?? "", StringComparison.Ordinal)
            ? cause.TrimStart(':', ' ')
            : $"{logged.Message}{cause}";
        observer.Diagnostic(logged is Error ? "error" : "warning", Name(logged.LogSource), text);
    }

    // "[akka://etl/user/etl/mappers/$a]" and the like: the path alone.
    private static string Name(string source)
    {
        var start = source.IndexOf("/user/", StringComparison.Ordinal);
        if (start < 0) start = source.IndexOf("/system/", StringComparison.Ordinal);
        return start < 0 ? source : source[start..].TrimEnd(']');
    }
}
