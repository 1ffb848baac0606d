using Sigil.Runtime.Values;

namespace Shelves;

/// <summary>A C# class over the types that were generated from a Sigil program: it provides the capability of <c>ForeignTypeTests</c>.</summary>
public sealed class WoodenShelf : IShelf
{
    private readonly SortedDictionary<string, Book> books = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <inheritdoc/>
    public Result<long, ShelfError> Put(Book book)
    {
        lock (gate)
        {
            if (book.Isbn.Length == 0) return Result<long, ShelfError>.Err(new ShelfError.Damaged(book.Title, book.Pages));
            return books.TryAdd(book.Isbn, book) ? Result<long, ShelfError>.Ok(books.Count) : Result<long, ShelfError>.Err(new ShelfError.Full());
        }
    }

    /// <inheritdoc/>
    public Option<Book> Find(string isbn)
    {
        lock (gate) return books.TryGetValue(isbn, out var book) ? Option<Book>.Some(book with { Tags = book.Tags }) : Option<Book>.None;
    }

    /// <inheritdoc/>
    public async ValueTask<Result<Book, ShelfError>> Take(string isbn, CancellationToken cancelled)
    {
        await Task.Delay(1, cancelled);
        lock (gate) return books.Remove(isbn, out var book) ? Result<Book, ShelfError>.Ok(book) : Result<Book, ShelfError>.Err(new ShelfError.Missing(isbn));
    }

    /// <inheritdoc/>
    public ValueTask<SigilList<Book>> Matching(Query query, CancellationToken cancelled)
    {
        lock (gate) return ValueTask.FromResult(SigilList<Book>.Of([.. books.Values.Where(b => IsMatch(b, query))]));
    }

    private static bool IsMatch(Book book, Query query) => query switch
    {
        Query.All => true,
        Query.ByGenre(var genre) => book.Genre == genre,
        Query.Either either => either.Left.Span.ToArray().Concat(either.Right.Span.ToArray()).Any(q => IsMatch(book, q)),
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    /// <inheritdoc/>
    public SigilMap<string, (Genre, long)> Counts()
    {
        lock (gate)
        {
            var counts = SigilMap<string, (Genre, long)>.WithCapacity(books.Count);
            foreach (var book in books.Values) counts.Put(book.Title, (book.Genre, book.Pages));
            return counts;
        }
    }

    /// <inheritdoc/>
    public SigilSet<Genre> Genres()
    {
        lock (gate) return SigilSet<Genre>.From(SigilList<Genre>.Of([.. books.Values.Select(b => b.Genre)]));
    }

    /// <inheritdoc/>
    public Section Outline() => new("house", SigilList<Section>.Of([new Section("room", SigilList<Section>.Of([new Section("shelf", SigilList<Section>.Empty)])), new Section("cellar", SigilList<Section>.Empty)]));

    /// <inheritdoc/>
    public async ValueTask<Section> Rename(Section section, string name, CancellationToken cancelled)
    {
        await Task.Yield();
        return section with { Name = name };
    }

    /// <inheritdoc/>
    public ValueTask Clear(CancellationToken cancelled)
    {
        lock (gate) books.Clear();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public Book Spoiled() => new("1", null!, Genre.Novel, 0, SigilList<string>.Empty, Option<string>.None);

    /// <inheritdoc/>
    public Genre Unknown() => (Genre)7;
}
