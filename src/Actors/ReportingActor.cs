using Akka.Actor;

namespace Etl.Actors;

/// <summary>An actor that tells why it fails, before its supervisor stops it: who watches it learns no more than that it is gone.</summary>
public abstract class ReportingActor : UntypedActor
{
    /// <summary>This incarnation fails, for this cause.</summary>
    protected abstract void Failing(Exception cause);

    /// <inheritdoc />
    protected sealed override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception cause)
        {
            Failing(cause);
            throw;
        }
    }
}
