// Java's side of a Python object that implements Java interfaces.
package io.pyflinkshell.bridge;

import java.io.InvalidObjectException;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.Cleaner;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls of the interface's methods go to the Python object's methods of the same name. The Python
 * object lives as long as this handler does.
 */
final class PythonProxy implements InvocationHandler, Serializable {
  private static final long serialVersionUID = 1L;
  private static final Cleaner CLEANER = Cleaner.create();
  private static final Object[] NO_ARGS = new Object[0];

  // Handlers that were serialized: a copy read later must still find the Python object.
  private static final ConcurrentHashMap<Long, PythonProxy> SERIALIZED = new ConcurrentHashMap<>();

  // Tells handles of this process from those of another.
  private static final long PROCESS = new java.security.SecureRandom().nextLong();

  private final long handle;
  private final long process = PROCESS;

  private PythonProxy(long handle) {
    this.handle = handle;
  }

  /** Marks "no such attribute" in the answer of the native side. */
  static final Object ABSENT = new Object();

  /** Calls attribute {@code name} of the object; a plain callable is called itself. */
  private static native Object call(
      long handle, String name, boolean mayBeAbsent, Object[] args, Class<?> returnType);

  private static native void release(long handle);

  /** Takes over one reference to the Python object. */
  static Object create(long handle, Class<?>[] interfaces) {
    PythonProxy handler = new PythonProxy(handle);
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader == null) {
      loader = PythonProxy.class.getClassLoader();
    }
    Object proxy;
    try {
      proxy = Proxy.newProxyInstance(loader, interfaces, handler);
    } catch (IllegalArgumentException notVisible) {
      proxy = Proxy.newProxyInstance(interfaces[0].getClassLoader(), interfaces, handler);
    }
    CLEANER.register(handler, () -> release(handle));
    return proxy;
  }

  /** Handle of the Python object behind {@code object}, or 0. */
  static long handleOf(Object object) {
    if (object == null || !Proxy.isProxyClass(object.getClass())) {
      return 0;
    }
    InvocationHandler handler = Proxy.getInvocationHandler(object);
    return handler instanceof PythonProxy ? ((PythonProxy) handler).handle : 0;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
    Object[] values = args == null ? NO_ARGS : args;
    String name = method.getName();
    if (method.getDeclaringClass() == Object.class) {
      switch (name) {
        case "equals":
          return handle == handleOf(values[0]);
        case "hashCode":
          return Long.hashCode(handle);
        default:
          return call(handle, "__str__", false, values, String.class);
      }
    }
    boolean optional = !Modifier.isAbstract(method.getModifiers());
    Object result = call(handle, name, optional, values, method.getReturnType());
    return result == ABSENT ? invokeDefault(proxy, method, values) : result;
  }

  private static Object invokeDefault(Object proxy, Method method, Object[] args) throws Throwable {
    Class<?> owner = method.getDeclaringClass();
    MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
    MethodHandle target;
    try {
      target = MethodHandles.lookup().findSpecial(owner, method.getName(), type, owner);
    } catch (IllegalAccessException e) {
      target =
          MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
              .unreflectSpecial(method, owner);
    }
    return target.bindTo(proxy).invokeWithArguments(args);
  }

  private Object writeReplace() {
    SERIALIZED.put(handle, this);
    return this;
  }

  private Object readResolve() throws ObjectStreamException {
    PythonProxy known = process == PROCESS ? SERIALIZED.get(handle) : null;
    if (known == null) {
      throw new InvalidObjectException(
          "a Python object that implements a Java interface can only be used in the process that"
              + " made it");
    }
    return known;
  }
}
