using Etl.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace Etl.Dashboard.Components;

/// <summary>A page that is drawn anew after each beat of the feed: four times a second at most.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private IDisposable? watching;
    private int drawing;

    /// <summary>What it shows.</summary>
    [Inject]
    protected LiveFeed Feed { get; set; } = null!;

    /// <summary>Held by the reader: what is shown stays as it is.</summary>
    protected bool IsPaused { get; set; }

    /// <summary>Reads what is shown, before it is drawn.</summary>
    protected virtual Task ReadAsync() => Task.CompletedTask;

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => ReadAsync();

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) watching = Feed.Watch(Beat);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        watching?.Dispose();
        GC.SuppressFinalize(this);
    }

    // A page that is still being drawn misses a beat, and nobody waits for it.
    private void Beat()
    {
        if (IsPaused || Interlocked.CompareExchange(ref drawing, 1, 0) != 0) return;
        _ = InvokeAsync(async () =>
        {
            try
            {
                await ReadAsync().ConfigureAwait(true);
                StateHasChanged();
            }
            catch (Exception gone) when (gone is ObjectDisposedException or Actors.Hosting.RunException)
            {
                // The page has been left, or the journal cannot be read just now: the next beat tells.
            }
            finally
            {
                Interlocked.Exchange(ref drawing, 0);
            }
        });
    }
}
